package provision

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// remove takes the person out of one group, unless another grant needs it, and
// sees that they are gone.
func (s *Service) remove(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[change](t)
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
	return s.takeOut(idp.WithPriority(ctx, idp.Removal), p, g)
}

func (s *Service) takeOut(ctx context.Context, p change, g access.Grant) (engine.Outcome, error) {
	removed := func(note string) engine.Outcome {
		return func(u *engine.Unit) error { return s.record(u, p, access.EventMemberRemoved, false, note) }
	}
	s.groups.forget(p.Group) // whether it is there at all decides what there is to remove
	at, err := s.find(ctx, g, p.Group)
	if errors.Is(err, idp.ErrNotFound) {
		return removed("There is no such account or group any more, so there is nothing to remove."), nil
	}
	if err != nil {
		return nil, err
	}
	if err := at.take(ctx); err != nil {
		return nil, err
	}
	return removed(""), nil
}

// whyKeep loads the grant and says why its group must stay, if it must.
func (s *Service) whyKeep(ctx context.Context, p change) (g access.Grant, reason string, err error) {
	known := s.catalog()
	err = s.units.View(ctx, func(tx store.Tx) error {
		reason = ""
		if g, err = store.Grant(tx, p.Grant); err != nil {
			return err
		}
		others, err := store.OpenGrantsOf(tx, g.Person)
		if err != nil {
			return err
		}
		if other, needed := g.NeededBy(p.Group, others); needed {
			reason = keptFor(known, other)
		} else if g.Untouched(p.Group) {
			reason = "Left alone: the end came before Latchkey had changed this group."
		}
		return nil
	})
	return g, reason, err
}

// keptFor says which grant a group stays for.
func keptFor(known *catalog.Catalog, other access.Grant) string {
	if other.Source == access.SourceAdopted {
		return fmt.Sprintf("Kept: the person was in the group before, which the grant %s (adopted) explains.", other.ID)
	}
	return fmt.Sprintf("Kept: %s still needs the group.", other.Label(known))
}

// kept records that a group was left alone, and for whom.
func (s *Service) kept(u *engine.Unit, p change, reason string) error {
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	if err := passOn(u, g, p.Group); err != nil {
		return err
	}
	return s.record(u, p, access.EventMemberKept, false, reason)
}

// passOn tells the grants that still need a group, which g leaves alone, that the
// membership is Latchkey's own work.
func passOn(u *engine.Unit, g access.Grant, ref catalog.GroupRef) error {
	others, err := store.OpenGrantsOf(u.Tx, g.Person)
	if err != nil {
		return err
	}
	for _, o := range g.PassOn(ref, others) {
		if err := engine.Save(u, engine.Grants(), &o); err != nil {
			return err
		}
	}
	return nil
}

// record moves the grant by what was seen in the directory.
func (s *Service) record(u *engine.Unit, p change, kind access.EventKind, before bool, note string) error {
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	e := g.Event(kind, access.System(), u.At)
	e.Group, e.Before, e.Note = &p.Group, before, note
	_, err = u.MoveGrant(g, e)
	if r, refused := access.AsRefusal(err); refused {
		s.log.Warn("a group was changed but its grant had moved on", "grant", g.ID, "state", g.State, "event", kind, "reason", r.Sentence)
		return nil
	}
	return err
}
