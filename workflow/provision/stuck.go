package provision

import (
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
)

// stickyAttempts: a removal that was accepted and did not stick is no passing matter.
const stickyAttempts = 3

// sticks tells that a removal was accepted several times and doesn't stick.
func sticks(_ *engine.Unit, t store.Task, f *access.Failure) (bool, error) {
	return t.Attempts == stickyAttempts && errors.Is(f, membership.ErrBack), nil
}

// stuck makes the trouble of a change visible, as an event of its grant.
func (s *Service) stuck(u *engine.Unit, t store.Task, f *access.Failure) error {
	p, err := engine.ReadPayload[membership.Change](t)
	if err != nil {
		return err
	}
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	if g.State == access.GrantStuck && g.Problem == f.Sentence {
		return nil // told before
	}
	e := g.Event(access.EventStuck, access.System(), u.At)
	e.Group, e.Note = &p.Group, f.Sentence
	g, err = u.MoveGrant(g, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // the grant moved on meanwhile; there is nothing to be stuck about
	}
	if err != nil {
		return err
	}
	return s.undo(u, g)
}

// undo takes back the part that is there of access whose rest doesn't come by itself, where its role is given whole
// or not at all. What came by a birthright stays: its rule would give it again at once.
func (s *Service) undo(u *engine.Unit, g access.Grant) error {
	if u.Catalog == nil {
		return nil
	}
	_, role, known := u.Catalog.Role(g.App, g.Role)
	part := slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return e.State == access.EntitlementHeld })
	if !known || role.Partial != catalog.Undo || g.State != access.GrantStuck || g.Revoking || !part || g.Request == "" {
		return nil
	}
	e := g.Event(access.EventEnding, access.System(), u.At)
	e.End, e.Note = access.EndPartial, "Only a part of it could be given, and this role is given whole or not at all. What stood in the way: "+g.Problem
	_, err := u.MoveGrant(g, e)
	return err
}
