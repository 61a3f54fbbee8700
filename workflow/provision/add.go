package provision

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
)

// add puts the person of a grant into one group and reads it back.
func (s *Service) add(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[membership.Change](t)
	if err != nil {
		return nil, err
	}
	g, err := s.grant(ctx, p.Grant)
	if err != nil {
		return nil, err
	}
	if !g.Live() || g.State == access.GrantActive || g.State == access.GrantWaiting {
		return nil, nil // the end came first, or it is done
	}
	if err := s.mayGive(ctx); err != nil {
		return nil, err
	}
	if there, err := s.recorded(ctx, g); err != nil || !there {
		return func(u *engine.Unit) error { return s.unrecorded(u, g.ID) }, err
	}
	ctx = idp.WithPriority(ctx, idp.Addition)
	before, sent, err := s.putIn(ctx, g, p.Group)
	if err != nil {
		s.places.Forget(p.Group)
		return nil, s.unseen(ctx, p, sent, s.missed(ctx, g, p.Group, err))
	}
	return func(u *engine.Unit) error { return s.added(u, p, before) }, nil
}

// putIn puts the person of a grant into a group, unless they were there before. sent
// tells whether the directory may have done it, also where it fails.
func (s *Service) putIn(ctx context.Context, g access.Grant, ref catalog.GroupRef) (before, sent bool, err error) {
	if g, err = s.withoutDisowned(ctx, g, ref); err != nil {
		return false, false, err
	}
	at, err := s.places.Find(ctx, g, ref)
	if err != nil {
		return false, false, err
	}
	if before, err = s.wasThere(ctx, g, at); err != nil || before {
		return before, false, err
	}
	sent, err = at.Put(ctx)
	return false, sent, err
}

// withoutDisowned lets go of an account that was to be added and that somebody says
// isn't theirs: the one that is known by now is added instead, or nobody.
func (s *Service) withoutDisowned(ctx context.Context, g access.Grant, ref catalog.GroupRef) (access.Grant, error) {
	ent, _ := g.Entitlement(ref)
	if ent.Account == "" {
		return g, nil
	}
	disowned, err := s.accounts.Disowned(ctx, g.Person, ref.Directory, ent.Account)
	switch {
	case err != nil || !disowned:
		return g, err
	case ent.Sent || ent.Before:
		return g, people.Rejected("%s says that the account %s in %s isn't theirs, and it may be in %s by now: say whose it is (latchkey people account), or revoke the access", s.accounts.Contact(ctx, g.Person), ent.Account, ref.Directory, ref)
	}
	return g.Pin(ref, "", ent.GroupID, false), nil
}

// missed says why a group could not be found that was known a moment ago, or in an
// earlier attempt: it was deleted, and another may have its name now.
func (s *Service) missed(ctx context.Context, g access.Grant, ref catalog.GroupRef, err error) error {
	if !errors.Is(err, idp.ErrNotFound) {
		return err
	}
	ent, _ := g.Entitlement(ref)
	if _, why := s.places.Find(ctx, g.Pin(ref, ent.Account, "", ent.Absent), ref); why != nil {
		return why
	}
	return err
}

// wasThere tells whether the person was in the group before this grant touched it,
// whoever put them there. What was seen, and of which account and group, is
// remembered before the group is changed, so that an attempt after a crash doesn't
// take our own work for somebody else's, and the end finds what was changed.
func (s *Service) wasThere(ctx context.Context, g access.Grant, at membership.Place) (before bool, err error) {
	ent, _ := g.Entitlement(at.Ref)
	pinned := ent.Account == at.Person.ID && ent.GroupID == at.Group.ID
	known := (ent.Absent || ent.Before) && (pinned || ent.Account == "")
	looked := false
	switch {
	case known && pinned:
		return ent.Before, nil
	case known:
		before = ent.Before
	default:
		if before, err = s.memberNow(ctx, g, at); err != nil {
			return before, err
		}
		looked = true
		if ent.Absent = !before; before {
			ours, err := s.forgotten(ctx, g)
			if err != nil {
				return before, err
			}
			before = !ours
		}
	}
	return before, s.units.Update(ctx, func(u *engine.Unit) error {
		g, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		g = g.Pin(at.Ref, at.Person.ID, at.Group.ID, ent.Absent)
		switch err := engine.Save(u, engine.Grants(), &g); {
		case err != nil || !looked:
			return err
		case !ent.Absent:
			return caughtUp(u.Tx, u.At, g, at)
		}
		return lapses(u, g, at)
	})
}

// memberNow reads whether the person is in the group, unless that was looked at when somebody
// said the yes that this follows from.
func (s *Service) memberNow(ctx context.Context, g access.Grant, at membership.Place) (bool, error) {
	if there, known := s.ahead.Member(ctx, g.Request, at); known {
		return there, nil
	}
	return at.IsMember(ctx)
}

// forgotten tells whether a membership that is there already may be what Latchkey gave
// for the same request, and doesn't know any more: the store came back from a backup
// in which the request was, and was taken as it is.
func (s *Service) forgotten(ctx context.Context, g access.Grant) (yes bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		a, err := store.Accepted(tx)
		if err != nil || a.At.IsZero() || g.Request == "" {
			return err
		}
		r, err := store.Request(tx, g.Request)
		yes = err == nil && r.Created.Before(a.Backup)
		return err
	})
	return yes, err
}

// itsOwn is what is said of such a membership.
const itsOwn = "was in the group already; as the store came back from a backup, that is taken for what this request was given before, and ends with it"

// added records that the person of a grant is in one of its groups. A membership
// that was there before, and that nothing explains, becomes a grant of its own
// first: the end of this grant then leaves it alone like any other that is still
// needed.
func (s *Service) added(u *engine.Unit, p membership.Change, before bool) error {
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	note := itsOwn
	if ent, _ := g.Entitlement(p.Group); before {
		note, err = explainBefore(u, g, p.Group)
	} else if ent.Absent {
		note, err = givenAnew(u, g, p.Group)
	}
	if err != nil {
		return err
	}
	if err := s.record(u, p, access.EventMemberAdded, before, note); err != nil {
		return err
	}
	return s.backstop.Tell(u, g, p.Group)
}

func (s *Service) grant(ctx context.Context, id string) (g access.Grant, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		g, err = store.Grant(tx, id)
		return err
	})
	return g, err
}

// quarantineLook is when an addition that is held back is tried again, should nobody wake it.
const quarantineLook = 10 * time.Minute

// mayGive has an addition wait while nothing may be given: new access is paused, or
// what Latchkey does could not be proven afterwards.
func (s *Service) mayGive(ctx context.Context) error {
	if err := s.notPaused(ctx); err != nil || s.blocked == nil {
		return err
	}
	err := s.blocked(ctx)
	if err == nil {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: lookAgain, Sentence: access.Classify(err).Sentence, Err: err}
}

// notPaused has an addition wait while new access is paused or held back.
func (s *Service) notPaused(ctx context.Context) error {
	now := s.units.Now()
	return s.units.View(ctx, func(tx store.Tx) error {
		p, held, err := store.PausedBy(tx, now)
		switch {
		case err != nil || !held:
			return err
		case p.Until.IsZero():
			return &access.Failure{Class: access.Limited, After: quarantineLook, Sentence: "New access waits: " + p.Reason}
		}
		return &access.Failure{Class: access.Limited, After: p.Until.Sub(now), Sentence: "New access is paused: " + p.Reason}
	})
}

// unseen remembers of an addition that failed that the person may be in the group all
// the same: that has an end, too, should nobody ever be able to look.
func (s *Service) unseen(ctx context.Context, p membership.Change, sent bool, cause error) error {
	if !sent {
		return cause
	}
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		g, err := u.Grant(p.Grant)
		if ent, _ := g.Entitlement(p.Group); err != nil || ent.Sent || ent.State != access.EntitlementWanted || !g.Live() {
			return err
		}
		g = g.Accepted(p.Group, u.At)
		return engine.Save(u, engine.Grants(), &g)
	})
	return errors.Join(cause, err)
}
