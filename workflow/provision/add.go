package provision

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// add puts the person of a grant into one group and reads it back.
func (s *Service) add(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[change](t)
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
	ctx = idp.WithPriority(ctx, idp.Addition)
	at, err := s.find(ctx, g.Person, p.Group)
	if err != nil {
		return nil, err
	}
	before, err := s.wasThere(ctx, g, at)
	if err != nil {
		return nil, err
	}
	if !before {
		if err := at.put(ctx); err != nil {
			s.groups.forget(p.Group)
			return nil, err
		}
	}
	return func(u *engine.Unit) error { return s.added(u, p, before) }, nil
}

// wasThere tells whether the person was in the group before this grant touched
// it, whoever put them there. What was seen is remembered before the group is
// changed, so that an attempt after a crash doesn't take our own work for somebody
// else's.
func (s *Service) wasThere(ctx context.Context, g access.Grant, at place) (bool, error) {
	ent, _ := g.Entitlement(at.ref)
	if ent.Absent || ent.Before {
		return ent.Before, nil
	}
	there, err := at.isMember(ctx)
	if err != nil || there {
		return there, err
	}
	return false, s.units.Update(ctx, func(u *engine.Unit) error {
		g, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		g.Entitlements = slices.Clone(g.Entitlements)
		for i := range g.Entitlements {
			g.Entitlements[i].Absent = g.Entitlements[i].Absent || g.Entitlements[i].Group == at.ref
		}
		return engine.Save(u, engine.Grants(), &g)
	})
}

// added records that the person of a grant is in one of its groups. A membership
// that was there before, and that nothing explains, becomes a grant of its own
// first: the end of this grant then leaves it alone like any other that is still
// needed.
func (s *Service) added(u *engine.Unit, p change, before bool) error {
	note := ""
	if before {
		var err error
		if note, err = explainBefore(u, p); err != nil {
			return err
		}
	}
	return s.record(u, p, access.EventMemberAdded, before, note)
}

func (s *Service) grant(ctx context.Context, id string) (g access.Grant, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		g, err = store.Grant(tx, id)
		return err
	})
	return g, err
}
