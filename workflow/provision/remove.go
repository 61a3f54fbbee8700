package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/query"
)

// remove takes the person out of one group, unless another grant needs it, and
// sees that they are gone.
func (s *Service) remove(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[membership.Change](t)
	if err != nil {
		return nil, err
	}
	g, reason, err := s.whyKeep(ctx, p)
	if err != nil {
		return nil, err
	}
	if !g.Revoking || g.State == access.GrantEnded {
		return nil, nil
	}
	if reason != "" {
		return func(u *engine.Unit) error { return s.kept(u, p, reason) }, nil
	}
	ctx = idp.WithPriority(ctx, idp.Removal)
	if done, err := s.returned(ctx, p, g); done != nil || err != nil {
		return done, err
	}
	return s.takeOut(ctx, p, g)
}

func (s *Service) takeOut(ctx context.Context, p membership.Change, g access.Grant) (engine.Outcome, error) {
	s.places.Forget(p.Group) // whether it is there at all decides what there is to remove
	at, err := s.places.Find(ctx, g, p.Group)
	note := ""
	if err == nil {
		note = s.backstop.Itself(ctx, g, at)
		err = at.Take(ctx)
	}
	var none *membership.Missing
	if errors.As(err, &none) {
		return s.nothingThere(ctx, p, none)
	}
	s.unfound.forget(p)
	if err != nil && neverThere(ctx, g, at, err) {
		return func(u *engine.Unit) error {
			return s.record(u, p, access.EventMemberRemoved, false, "It was not given: the person was seen not to be in the group.")
		}, nil
	}
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return s.record(u, p, access.EventMemberRemoved, false, note) }, nil
}

// neverThere tells, of a removal that is refused, that there is nothing to remove: the
// person was not seen in the group since the grant came to put them there, and is not
// in it now. What is refused to be taken away was refused to be given.
func neverThere(ctx context.Context, g access.Grant, at membership.Place, err error) bool {
	ent, _ := g.Entitlement(at.Ref)
	if at.Dir == nil || ent.State != access.EntitlementWanted || ent.Sent || !membership.Refused(err) {
		return false
	}
	there, err := at.IsMember(ctx)
	return err == nil && !there
}

// whyKeep loads the grant and says why its group must stay, if it must.
func (s *Service) whyKeep(ctx context.Context, p membership.Change) (g access.Grant, reason string, err error) {
	known := engine.Offered(ctx, s.catalog)
	err = s.units.View(ctx, func(tx store.Tx) error {
		reason = ""
		if g, err = store.Grant(tx, p.Grant); err != nil {
			return err
		}
		others, damage, err := store.Sound(store.OpenGrantsOf(tx, g.Person))
		if err != nil {
			return err
		}
		ahead, err := query.NeededAhead(tx, g, p.Group, s.units.Now())
		if err != nil {
			return err
		}
		if other, needed := g.NeededBy(p.Group, others); needed {
			reason = keptFor(known, other)
		} else if ahead != "" {
			reason = ahead
		} else if g.Untouched(p.Group) {
			reason = "Left alone: the end came before Latchkey had changed this group."
		} else {
			return s.unreadable(known, g, p.Group, damage)
		}
		return nil
	})
	return g, reason, err
}

// unreadable refuses, for a human to look at, to take a group away that another
// grant of the same person may need, which can't be read back. One on an app that
// doesn't open the group is only named.
func (s *Service) unreadable(known *catalog.Catalog, g access.Grant, ref catalog.GroupRef, damage store.Damage) error {
	for _, d := range damage {
		for _, app := range known.Apps() {
			opens := slices.ContainsFunc(app.Roles, func(r catalog.Role) bool { return slices.Contains(r.Groups, ref) })
			if opens && d.Has("app:"+app.ID) {
				return &access.Failure{Class: access.Rejected, Err: d,
					Sentence: fmt.Sprintf("The grant %s of %s, which may need the group %s, can't be read back: restore it from a backup, or take %s out of the group by hand, then retry", d.ID, g.Person, ref, g.Person)}
			}
		}
		s.log.Error("a grant can't be read back; what else its holder has ends without it", "grant", d.ID, "person", g.Person, "error", d)
	}
	return nil
}

// keptFor says which grant a group stays for.
func keptFor(known *catalog.Catalog, other access.Grant) string {
	if other.Source == access.SourceAdopted {
		return fmt.Sprintf("Kept: the person was in the group before, which the grant %s (adopted) explains.", other.ID)
	}
	return fmt.Sprintf("Kept: %s still needs the group.", other.Label(known))
}

// kept records that a group was left alone, and for whom.
func (s *Service) kept(u *engine.Unit, p membership.Change, reason string) error {
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	others, _, err := store.Sound(store.OpenGrantsOf(u.Tx, g.Person)) // what can't be read back isn't the one it is kept for
	if err != nil {
		return err
	}
	if err := passOn(u, g, p.Group, others); err != nil {
		return err
	}
	if err := s.record(u, p, access.EventMemberKept, false, reason); err != nil {
		return err
	}
	if other, needed := g.NeededBy(p.Group, others); needed {
		return s.backstop.Tell(u, other, p.Group)
	}
	return nil
}

// passOn tells the grants that still need a group, which g leaves alone, that the
// membership is Latchkey's own work.
func passOn(u *engine.Unit, g access.Grant, ref catalog.GroupRef, others []access.Grant) error {
	for _, o := range g.PassOn(ref, others) {
		if err := engine.Save(u, engine.Grants(), &o); err != nil {
			return err
		}
	}
	return nil
}

// record moves the grant by what was seen in the directory.
func (s *Service) record(u *engine.Unit, p membership.Change, kind access.EventKind, before bool, note string) error {
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	e := g.Event(kind, access.System(), u.At)
	e.Group, e.Before, e.Note = &p.Group, before, note
	moved, err := u.MoveGrant(g, e)
	if err == nil {
		err = errors.Join(endSessions(u, moved), s.undo(u, moved))
	}
	if r, refused := access.AsRefusal(err); refused {
		s.log.Warn("a group was changed but its grant had moved on", "grant", g.ID, "state", g.State, "event", kind, "reason", r.Sentence)
		return nil
	}
	return err
}
