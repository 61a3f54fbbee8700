package recovery

import (
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// resume takes up what was under way. Timers need nothing: the store knows when
// its records fall due.
func (s *Service) resume(u *engine.Unit, c restoredCase) error {
	if c.g != nil && c.g.State != access.GrantEnded {
		if err := adoptAgain(u, *c.g, c.Story); err != nil {
			return err
		}
	}
	effs := underWay(c)
	if len(effs) > 0 || unfinished(c) {
		if err := s.cards.Expect(u, c.r.ID); err != nil {
			return err
		}
	}
	if slices.Contains(effs, access.Effect{Kind: access.EffectStartGrant}) && !offered(u.Catalog, c.r) {
		e := c.r.Event(access.EventUnroutable, access.System(), u.At)
		e.Note = "This role was taken out of the catalogue meanwhile, so it can't be granted any more."
		_, err := u.Append(e)
		return err
	}
	u.Again(about(c, u), effs...)
	return nil
}

// about is an event that names a case. The log tells nothing more than it did
// before it was lost.
func about(c restoredCase, u *engine.Unit) access.Event {
	if c.g != nil {
		return c.g.Event(access.EventTaskResumed, access.System(), u.At)
	}
	return c.r.Event(access.EventTaskResumed, access.System(), u.At)
}

func offered(known *catalog.Catalog, r access.Request) bool {
	_, _, ok := known.Role(r.App, r.Role)
	return ok
}

// unfinished tells whether a case still has something before it.
func unfinished(c restoredCase) bool {
	if c.r.State == access.RequestPending {
		return true
	}
	return c.g != nil && c.g.State != access.GrantEnded
}

// underWay is what has to be done anew because it was under way, or may have
// been, when the store was lost. Cards are shown only of what waits for somebody:
// the others are shown when they move.
func underWay(c restoredCase) []access.Effect {
	var effs []access.Effect
	if asksNobody(c.r) {
		effs = append(effs, access.Effect{Kind: access.EffectFindApprovers})
	}
	if len(c.r.Waiting) > 0 { // an answer was kept: whether it counts is found out, like before, live
		effs = append(effs, access.Effect{Kind: access.EffectEstablish})
	}
	show := access.Effect{Kind: access.EffectShowCards}
	switch {
	case c.r.State == access.RequestPending:
		return append(effs, show)
	case c.r.State != access.RequestApproved || c.g == nil && (c.r.Extends != "" || c.r.Unlisted != ""):
		return effs // what was extended is another grant, and was extended at once
	case c.g == nil:
		return append(effs, access.Effect{Kind: access.EffectStartGrant})
	case c.g.State == access.GrantEnded, c.g.State == access.GrantActive:
		return effs
	default:
		return append(append(effs, changes(*c.g)...), show)
	}
}

// asksNobody tells whether somebody has still to be found who answers: decides,
// or reviews an emergency.
func asksNobody(r access.Request) bool {
	if r.BreakGlass && r.State == access.RequestApproved {
		return r.Review == nil
	}
	return r.State == access.RequestPending && len(r.Stages) > 0 && len(r.Stages[r.Stage].Asked) == 0
}

// changes are what a grant still has to have changed.
func changes(g access.Grant) []access.Effect {
	switch {
	case g.State == access.GrantWaiting:
		return []access.Effect{{Kind: access.EffectRelease}}
	case g.State == access.GrantProvisioning:
		return memberships(g, access.EffectAddMember, access.EntitlementWanted)
	case g.State == access.GrantEnding, g.State == access.GrantStuck && g.Revoking:
		return memberships(g, access.EffectRemoveMember, access.EntitlementWanted, access.EntitlementHeld)
	}
	return nil
}

func memberships(g access.Grant, kind access.EffectKind, in ...access.EntitlementState) (out []access.Effect) {
	for _, ent := range g.Entitlements {
		if slices.Contains(in, ent.State) {
			out = append(out, access.Effect{Kind: kind, Group: &ent.Group})
		}
	}
	return out
}
