package provision

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/query"
)

// lapses notes that somebody who was in a group before Latchkey knew, which is explained
// by a grant of its own, was seen not to be in it any more when they were to be put there:
// what they are given now is not kept because of that.
func lapses(u *engine.Unit, g access.Grant, at membership.Place) error {
	others, _, err := store.Sound(store.OpenGrantsOf(u.Tx, g.Person)) // what can't be read back stays a reason
	found, ok := access.FoundBefore(g, at.Ref, others)
	ent, _ := found.Entitlement(at.Ref)
	if err != nil || !ok || ent.Missing {
		return err
	}
	if wait := membership.ReadLag(at.Dir) - u.At.Sub(found.Started); wait > 0 {
		return &access.Failure{Class: access.Limited, After: wait,
			Sentence: fmt.Sprintf("Somebody who was in %s a moment ago isn't seen there now; it is looked at once more before anything follows from that", at.Ref)}
	}
	return membership.Observe(u, found, access.EventMemberMissing, at.Ref, fmt.Sprintf("Seen when the access of %s was set up. That they were there before is no reason to keep it.", g.ID))
}

// caughtUp has whoever finds somebody in a group look once more where they were taken out,
// or seen not to be there, so lately that the directory may not show it yet: otherwise what
// it shows would be taken for a membership that somebody else brought back.
func caughtUp(tx store.Tx, now time.Time, g access.Grant, at membership.Place) error {
	lag := membership.ReadLag(at.Dir)
	out, err := lastOut(tx, g.Person, at.Ref, now.Add(-lag))
	if wait := lag - now.Sub(out); err == nil && wait > 0 {
		return &access.Failure{Class: access.Limited, After: wait,
			Sentence: fmt.Sprintf("Somebody who was gone from %s a moment ago is seen there now; it is looked at once more before anything follows from that", at.Ref)}
	}
	return err
}

// lastOut is when a grant of somebody last noted that they are out of a group, as far as
// that was after a moment and none has put them there since; otherwise zero. What can't be
// read back isn't spoken of.
func lastOut(tx store.Tx, who access.PersonID, ref catalog.GroupRef, after time.Time) (out time.Time, err error) {
	var all []access.Grant
	_, _, err = store.Sound[access.Grant](nil, query.Each(func(from string, limit int) ([]access.Grant, error) {
		return store.GrantsOf(tx, who, from, limit)
	}, query.GrantID, func(o access.Grant) {
		if _, opens := o.Entitlement(ref); opens && (o.Finished.IsZero() || o.Finished.After(after)) {
			all = append(all, o)
		}
	}))
	out, in := after, after
	for _, o := range all {
		about := (access.Event{Request: o.Request, Grant: o.ID}).About()
		story, _, unread := store.Sound(store.Story(tx, store.Filter{Subject: about}))
		err = errors.Join(err, unread)
		for _, e := range story {
			switch {
			case e.Grant != o.ID || e.Group == nil || *e.Group != ref:
			case e.Kind == access.EventMemberRemoved, e.Kind == access.EventMemberMissing:
				out = latest(out, e.At)
			case e.Kind == access.EventMemberAdded && !e.Before:
				in = latest(in, e.At)
			}
		}
	}
	if !out.After(in) {
		return time.Time{}, err
	}
	return out, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// givenAnew notes what somebody's being put into a group is for their other grants, and
// says whether they were in it once before Latchkey knew. What can't be read back isn't
// spoken of.
func givenAnew(u *engine.Unit, g access.Grant, ref catalog.GroupRef) (string, error) {
	others, _, err := store.Sound(store.OpenGrantsOf(u.Tx, g.Person))
	if err != nil {
		return "", err
	}
	for _, o := range access.Restored(g, ref, others) {
		if err := membership.Observe(u, o, access.EventMemberBack, ref, "by another grant of Latchkey"); err != nil {
			return "", err
		}
	}
	found, ok := access.FoundBefore(g, ref, others)
	if ent, _ := found.Entitlement(ref); !ok || !ent.Missing {
		return "", nil
	}
	return fmt.Sprintf("not a member any more; what the grant %s (adopted) explained is there no longer, and outlasts nothing", found.ID), nil
}

// returned looks before somebody is taken out of a group in which they were before, as
// another grant explains, and were seen no more, and where no grant put them since. If
// they are there, somebody else brought back what was there before, and it stays; if they
// aren't, nothing is done. nil: it isn't so, and the removal takes its course.
func (s *Service) returned(ctx context.Context, p membership.Change, g access.Grant) (engine.Outcome, error) {
	found, lost, err := s.lost(ctx, g, p.Group)
	if err != nil || !lost {
		return nil, err
	}
	at, err := s.places.Find(ctx, g, p.Group)
	there := false
	if err == nil {
		there, err = at.IsMember(ctx)
	}
	if err == nil && there {
		err = s.units.View(ctx, func(tx store.Tx) error { return caughtUp(tx, s.units.Now(), g, at) })
	}
	var none *membership.Missing
	switch {
	case errors.As(err, &none):
		return nil, nil
	case err != nil:
		return nil, err
	case !there:
		return func(u *engine.Unit) error {
			return s.record(u, p, access.EventMemberRemoved, false, "Somebody else had taken them out, and nobody put them back.")
		}, nil
	}
	return func(u *engine.Unit) error { return s.keepReturned(u, p, found.ID) }, nil
}

// lost is the grant that explains that somebody was in a group before, where that was seen
// to be so no more, and no grant, also not g, put them there since.
func (s *Service) lost(ctx context.Context, g access.Grant, ref catalog.GroupRef) (found access.Grant, yes bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		others, _, err := store.Sound(store.OpenGrantsOf(tx, g.Person))
		ok := false
		found, ok = access.FoundBefore(g, ref, others)
		ent, _ := found.Entitlement(ref)
		yes = ok && ent.Missing && !access.GivenBesides(found, ref, others, s.units.Now())
		return err
	})
	return found, yes, err
}

// keepReturned leaves a group alone because what was there before is there again.
func (s *Service) keepReturned(u *engine.Unit, p membership.Change, found string) error {
	f, err := u.Grant(found)
	if err != nil {
		return err
	}
	ent, _ := f.Entitlement(p.Group)
	switch {
	case f.State != access.GrantActive:
		return &access.Failure{Class: access.Transient, Sentence: "What was there before ended just now; it is looked at once more"}
	case ent.Missing:
		if err := membership.Observe(u, f, access.EventMemberBack, p.Group, ""); err != nil {
			return err
		}
	}
	return s.kept(u, p, keptFor(u.Catalog, f))
}
