package reclaim

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// restoredPrefix begins the id of a grant that gives something back.
const restoredPrefix = "GR-"

// Restore gives back what was taken away because nobody used it, or what its holder gave back, by the approval that it had before
// and for as long as was left of that. Its holder can where the role may not do much harm; IT and the app's owners can, too.
// Whether it may be held is judged anew, and nothing is given before its issue says so. Who answers for it is who approved it then.
func (s *Service) Restore(ctx context.Context, by access.Actor, id, why string) (given []access.Grant, err error) {
	ctx = s.units.Holding(ctx)
	given, err = s.restore(ctx, by, id, strings.TrimSpace(why))
	return given, s.units.LogRefusal(ctx, "", by, "give back what came back because nobody used it", err)
}

func (s *Service) restore(ctx context.Context, by access.Actor, id, why string) (given []access.Grant, err error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return nil, err
	}
	c, err := s.load(ctx, id)
	if err != nil {
		return nil, unknownCase(err)
	}
	holder, err := s.authority.Anew(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	around := s.around(ctx, c, holder)
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		given = nil
		c, err := engine.Load(u, reclaims(), id)
		if err != nil {
			return err
		}
		if err := people.StillHere(u, by.Person); err != nil {
			return err
		}
		if err := s.authority.May(caller, restoring(u.Catalog, c), people.Matter{App: c.App, Holder: holder}); err != nil {
			return err
		}
		given, err = giveBack(u, c, back{by: by, why: why, holder: holder, around: around})
		return err
	})
	return given, err
}

// around is what the policy asks of somebody for each role that comes back.
func (s *Service) around(ctx context.Context, c access.Reclaim, holder access.Person) map[string]access.Circumstances {
	out := map[string]access.Circumstances{}
	if s.attributes == nil {
		return out
	}
	app, _ := s.catalog().App(c.App)
	for _, r := range app.Roles {
		out[r.ID] = s.attributes.Around(ctx, holder, holder, catalog.RoleRef{App: c.App, Role: r.ID})
	}
	return out
}

// restoring is what it takes to have a seat given back: a role that asks for more than a click isn't had back by one of its
// holder's.
func restoring(known *catalog.Catalog, c access.Reclaim) people.Act {
	for _, id := range append([]string{c.Role}, rolesOf(known, c)...) {
		_, role, there := known.Role(c.App, id)
		if !there || role.NeedsVerified() || role.NeedsStepUp() || role.Assurance != "" {
			return people.ActRestoreFor
		}
	}
	return people.ActRestoreSeat
}

// rolesOf are the other roles of the app: which of them come back is only known from the grants, so the most careful counts.
func rolesOf(known *catalog.Catalog, c access.Reclaim) (out []string) {
	app, _ := known.App(c.App)
	if len(c.Ends) < 2 {
		return nil
	}
	for _, r := range app.Roles {
		out = append(out, r.ID)
	}
	return out
}

// back is who has what given back, and to whom.
type back struct {
	by     access.Actor
	why    string
	holder access.Person
	around map[string]access.Circumstances
}

// giveBack makes the grants that give a seat back.
func giveBack(u *engine.Unit, c access.Reclaim, b back) (given []access.Grant, err error) {
	e := c.Event(access.EventReclaimRestored, b.by, u.At)
	e.Reason = b.why
	var begun []access.Event
	for _, id := range c.Ends {
		was, err := u.Grant(id)
		if err != nil {
			return nil, err
		}
		g, started, err := b.one(u, c, was)
		if err != nil {
			return nil, err
		}
		given, begun, e.Reclaim.Grants = append(given, g), append(begun, started), append(e.Reclaim.Grants, g.ID)
	}
	if c, err = move(u, c, e); err != nil {
		return nil, err
	}
	for i := range given {
		if err := engine.Begin(u, engine.Grants(), &given[i], begun[i]); err != nil {
			return nil, err
		}
	}
	return given, enqueue(u, BackTask, c, store.Additions)
}

// one makes the grant that gives one grant back.
func (b back) one(u *engine.Unit, c access.Reclaim, was access.Grant) (g access.Grant, e access.Event, err error) {
	if was.Request == "" {
		return g, e, access.Refuse(access.NotAllowed, "", "Nobody had approved this access, so it can't be given back. Please ask for it.")
	}
	r, err := u.Request(was.Request)
	if err != nil {
		return g, e, err
	}
	if err := objection(u, r, b.holder, b.around[r.Role]); err != nil {
		return g, e, err
	}
	words := fmt.Sprintf("Given back after %s, by the approval of %s. %s", c.ID, r.Label(), b.why)
	return access.GiveBack(access.GivenBack{ID: restoredPrefix + rand.Text()[:10], Was: was, Approved: r, By: b.by, Why: strings.TrimSpace(words)}, u.At)
}

// objection refuses what may not be held any more by whom it was taken from.
func objection(u *engine.Unit, r access.Request, holder access.Person, around access.Circumstances) error {
	requester, err := people.In(u.Tx, r.Requester)
	if err != nil {
		return err
	}
	has := access.Standings{}
	if has.Grants, err = store.OpenGrantsOf(u.Tx, r.Beneficiary); err != nil {
		return err
	}
	return r.RestoreObjection(u.Catalog, requester, holder, around, has)
}

// beginBack lets what is given back begin, once its issue is there and new access isn't paused. The lower role that was
// given in its place ends then.
func (s *Service) beginBack(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[about](t)
	if err != nil {
		return nil, err
	}
	c, held := access.Reclaim{}, false
	err = s.units.View(ctx, func(tx store.Tx) error {
		if c, err = store.Reclaim(tx, a.ID); err == nil {
			_, held, err = store.PausedBy(tx, s.units.Now())
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case held:
		return nil, &access.Failure{Class: access.Limited, Nothing: true, After: pausedAgain, Sentence: "New access is paused, or held back"}
	case c.Issue.Key == "":
		return nil, &access.Failure{Class: access.Limited, Nothing: true, After: movedAgain, Sentence: "The issue isn't there yet in which it is written that it is given back"}
	}
	return func(u *engine.Unit) error { return backBegun(u, c) }, nil
}

func backBegun(u *engine.Unit, c access.Reclaim) error {
	for _, id := range c.Restoring {
		if err := begin(u, id, c.Issue); err != nil {
			return err
		}
	}
	if c.Gives == "" {
		return nil
	}
	lower, err := u.Grant(c.Gives)
	if err != nil || !lower.Live() {
		return err
	}
	return endAll(u, []access.Grant{lower}, access.EndReturned, c.RestoreBy, "")
}
