package recovery

import (
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// resume takes up what was under way, as far as it gives nobody anything. Timers need
// nothing: the store knows when its records fall due.
func (s *Service) resume(u *engine.Unit, c restoredCase) error {
	if c.g != nil && c.g.State != access.GrantEnded {
		if err := adoptAgain(u, *c.g, c.Story); err != nil {
			return err
		}
	}
	if unfinished(c) {
		if err := s.cards.Expect(u, c.r.ID); err != nil {
			return err
		}
	}
	if c.fate != resumed {
		if asksNobody(c.r) { // an emergency is to be reviewed all the same
			u.Again(about(c, u), access.Effect{Kind: access.EffectFindApprovers})
		}
		if c.fate == disputed {
			return dispute(u, c)
		}
		return awaitWord(u, c)
	}
	if err := dropKept(u, c); err != nil {
		return err
	}
	if err := markMissing(u, c); err != nil {
		return err
	}
	u.Again(about(c, u), underWay(c)...)
	return nil
}

// dispute has a grant kept as it is until a human has looked.
func dispute(u *engine.Unit, c restoredCase) error {
	g, err := u.Grant(c.g.ID)
	if err != nil {
		return err
	}
	e := g.Event(access.EventDisputed, access.System(), u.At)
	e.Note = "After the recovery of the store it is not certain that its record is the newest: " + c.Doubt + "."
	if c.Doubt == "" {
		e.Note = "The catalogue doesn't open the group any more that it is about, so after the recovery of the store nobody touches it unasked."
	}
	_, err = u.MoveGrant(g, e)
	return err
}

// awaitWord has what was on its way wait for a human's word, in the way of what is stuck:
// once they say so, it goes on.
func awaitWord(u *engine.Unit, c restoredCase) error {
	if c.g == nil && !offered(u.Catalog, c.r) {
		e := c.r.Event(access.EventUnroutable, access.System(), u.At)
		e.Note = "This role was taken out of the catalogue meanwhile, so it can't be granted any more."
		_, err := u.Append(e)
		return err
	}
	g, err := grantToConfirm(u, c)
	if err != nil || g.State == access.GrantStuck {
		return err
	}
	e := g.Event(access.EventStuck, access.System(), u.At)
	e.Issue = &c.r.Issue
	e.Note = "The store was lost while this was under way. After a recovery nothing is given, and nothing outside the catalogue is touched, unless IT says so: look at the ticket, then press Retry."
	_, err = u.MoveGrant(g, e)
	return err
}

// grantToConfirm is the grant of a case; one that was approved gets it now.
func grantToConfirm(u *engine.Unit, c restoredCase) (access.Grant, error) {
	if c.g != nil {
		return u.Grant(c.g.ID)
	}
	app, role, _ := u.Catalog.Role(c.r.App, c.r.Role)
	g, started, _, err := access.Start(c.r, app, role, u.At)
	if err != nil {
		return g, err
	}
	if g.Manual {
		return g, engine.Begin(u, engine.Grants(), &g, started, access.Effect{Kind: access.EffectRelease})
	}
	return g, engine.Begin(u, engine.Grants(), &g, started)
}

// dropKept lets go of answers that were kept until it was known whether they count:
// whoever gave one is asked again.
func dropKept(u *engine.Unit, c restoredCase) error {
	for _, k := range c.r.Waiting {
		r, err := u.Request(c.r.ID)
		if err != nil {
			return err
		}
		e := r.Event(access.EventAnswerDropped, k.By, u.At)
		e.Note = "The store was lost before it was known whether this answer counts. It has to be given again."
		if _, err := u.MoveRequest(r, e); err != nil {
			return err
		}
	}
	return nil
}

// markMissing notes who was seen not to be in the groups of their access. Nobody puts
// them there again.
func markMissing(u *engine.Unit, c restoredCase) error {
	for _, ent := range c.gone {
		g, err := u.Grant(c.g.ID)
		if err != nil {
			return err
		}
		e := g.Event(access.EventMemberMissing, access.System(), u.At)
		e.Group, e.Note = &ent.Group, "Seen when the store was recovered. The access stays active; it can be given back and asked for again."
		if _, err := u.MoveGrant(g, e); err != nil {
			return err
		}
		err = notify.Announce(u, "missing/"+g.ID+"/"+ent.Group.String(), g.Person, "You don't have "+g.Label(u.Catalog)+" any more",
			"By what is recorded you have it, and it was seen that it isn't there any more. Nobody gives it to you by itself: if you still need it, give it back and ask for it again.")
		if err != nil {
			return err
		}
	}
	return nil
}

// takeBack makes a grant of a membership whose access has ended, so that it can be
// ended with one click: it is stuck on its way out.
func takeBack(u *engine.Unit, l leftover) error {
	why := fmt.Sprintf("The access of %s has ended and was seen to be gone, and when the store was recovered the person was in %s again.", l.label, l.was.Group)
	g, found, _, err := access.Adopt(access.Adoption{
		ID: adoptedPrefix + "left-" + l.grant.ID + "-" + l.was.GroupID, Person: l.grant.Person, Found: access.Found{App: l.grant.App, Role: l.grant.Role, Groups: []catalog.GroupRef{l.was.Group}},
		For: catalog.Forever, By: access.System(), Why: why,
	}, u.At)
	if err != nil {
		return err
	}
	g = g.Pin(l.was.Group, l.was.Account, l.was.GroupID, false)
	if err := engine.Begin(u, engine.Grants(), &g, found); err != nil {
		return err
	}
	for _, e := range []access.Event{g.Event(access.EventEnding, access.System(), u.At), g.Event(access.EventStuck, access.System(), u.At)} {
		e.End, e.Note = access.EndUnexplained, why+" Nobody is taken out unasked: a retry does it."
		next, _, err := g.Apply(e, u.At)
		if err != nil {
			return err
		}
		if _, err := u.Append(e); err != nil {
			return err
		}
		g = next
	}
	return engine.Save(u, engine.Grants(), &g)
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
	if asksNobody(c.r) || asksDelegates(c.r) {
		effs = append(effs, access.Effect{Kind: access.EffectFindApprovers})
	}
	show := access.Effect{Kind: access.EffectShowCards}
	switch {
	case c.r.State == access.RequestPending:
		return append(effs, show)
	case c.r.State != access.RequestApproved || c.g == nil: // what was extended is another grant, and was extended at once
		return effs
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

// asksDelegates tells whether somebody is asked in another one's place. Who decides for whom is not recovered,
// so it is found out at once who is asked without that, and nobody reads that it waits for them.
func asksDelegates(r access.Request) bool {
	return r.State == access.RequestPending && r.Stage < len(r.Stages) && len(r.Stages[r.Stage].Delegates) > 0
}

// changes are what a grant still has to have changed.
func changes(g access.Grant) []access.Effect {
	switch {
	case g.State == access.GrantWaiting && g.Manual: // people make the change, so it waits for them anyway
		return []access.Effect{{Kind: access.EffectRelease}}
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
