package reclaim

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// remove ends the access by which a seat is held, or first gives the lower role that comes in its place. It ends what was read, or
// nothing: where that changed meanwhile it is looked again.
func (s *Service) remove(u *engine.Unit, c access.Reclaim, seat Seat) error {
	ends, err := still(u, seat)
	if err != nil {
		return err
	}
	if ends == nil {
		return s.again(u, c)
	}
	e := c.Event(access.EventReclaimRemoving, access.System(), u.At)
	seen := seat.Seen
	e.Reclaim.Seen = &seen
	for _, g := range ends {
		e.Reclaim.Ends = append(e.Reclaim.Ends, g.ID)
	}
	lower, started, err := s.lower(u, c, ends[0])
	if err != nil {
		return err
	}
	e.Reclaim.Gives = lower.ID
	if c, err = move(u, c, e); err != nil {
		return err
	}
	if lower.ID == "" {
		return endAll(u, ends, access.EndReclaimed, access.System(), "")
	}
	if err := engine.Begin(u, engine.Grants(), &lower, started); err != nil {
		return err
	}
	return enqueue(u, LowerTask, c, store.Additions)
}

// again has a seat looked at once more, in a while.
func (s *Service) again(u *engine.Unit, c access.Reclaim) error {
	body, err := engine.Payload(about{c.ID})
	if err != nil {
		return err
	}
	_, err = u.EnqueueFor(store.Task{ID: CheckTask + "/" + c.ID + "/again", Queue: engine.HouseQueue, Kind: CheckTask, Subject: access.ReclaimSubject(c.ID), Priority: store.Removals, Payload: body}, u.At.Add(movedAgain))
	return err
}

// still are the grants by which a seat is held, as they are now; nil where those aren't what was read.
func still(u *engine.Unit, seat Seat) ([]access.Grant, error) {
	held, err := heldNow(u, seat.Person, seat.Grants[0].App)
	if err != nil || len(held) != len(seat.Grants) {
		return nil, err
	}
	var out []access.Grant
	for _, was := range seat.Grants {
		i := slices.IndexFunc(held, func(g access.Grant) bool { return g.ID == was.ID })
		if i < 0 || held[i].State != access.GrantActive || held[i].Disputed {
			return nil, nil
		}
		out = append(out, held[i])
	}
	return out, nil
}

// heldNow are the open grants of somebody on an app, as the unit sees them.
func heldNow(u *engine.Unit, who access.PersonID, app string) (out []access.Grant, err error) {
	all, err := store.OpenGrantsOf(u.Tx, who)
	if err != nil {
		return nil, err
	}
	for _, g := range all {
		if g.App != app {
			continue
		}
		if g, err = u.Grant(g.ID); err != nil {
			return nil, err
		}
		if g.State != access.GrantEnded {
			out = append(out, g)
		}
	}
	return out, nil
}

// endAll ends grants for one reason.
func endAll(u *engine.Unit, all []access.Grant, why access.End, by access.Actor, reason string) error {
	for _, g := range all {
		e := g.Event(access.EventEnding, by, u.At)
		e.End, e.Reason = why, reason
		if _, err := u.MoveGrant(g, e); err != nil {
			return err
		}
	}
	return nil
}

// lower is the grant of the lower role that is given in the place of a grant; the zero grant where none is, because none
// is configured, they have it, or may not have it any more.
func (s *Service) lower(u *engine.Unit, c access.Reclaim, was access.Grant) (access.Grant, access.Event, error) {
	app, role, there := u.Catalog.Role(c.App, c.Rule.Downgrade)
	if c.Rule.Downgrade == "" || !there || app.Provisioning != catalog.ByDirectory || c.Issue.Key == "" {
		return access.Grant{}, access.Event{}, nil
	}
	held, err := store.OpenGrantsOf(u.Tx, c.Person)
	if err != nil {
		return access.Grant{}, access.Event{}, err
	}
	if slices.ContainsFunc(held, func(g access.Grant) bool { return g.App == c.App && g.Role == role.ID }) {
		return access.Grant{}, access.Event{}, nil
	}
	p, err := people.In(u.Tx, c.Person)
	if err != nil {
		return access.Grant{}, access.Event{}, err
	}
	lower, e, err := access.Downgrade(access.Downgraded{ID: lowerPrefix + rand.Text()[:10], Was: was, Role: role, Holder: p, Why: "Given by " + c.ID + " in the place of " + was.Role + ", which nobody used."}, app, u.At)
	if _, refused := access.AsRefusal(err); refused {
		return access.Grant{}, access.Event{}, nil
	}
	return lower, e, err
}

// lowerPrefix begins the id of a grant that is given in the place of a higher one.
const lowerPrefix = "GL-"

// pausedAgain is how soon it is looked again whether what holds new access back is over.
const pausedAgain = 5 * time.Minute

// beginLower lets the lower role begin that is given in the place of a higher one. That ends once the lower one is there, or won't be.
func (s *Service) beginLower(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[about](t)
	if err != nil {
		return nil, err
	}
	var c access.Reclaim
	held := false
	err = s.units.View(ctx, func(tx store.Tx) error {
		if c, err = store.Reclaim(tx, a.ID); err == nil {
			_, held, err = store.PausedBy(tx, s.units.Now())
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case c.State != access.ReclaimRemoving:
		return func(u *engine.Unit) error { return notGiven(u, c.Gives) }, nil
	case held:
		return nil, &access.Failure{Class: access.Limited, Nothing: true, After: pausedAgain, Sentence: "New access is paused, or held back"}
	}
	return func(u *engine.Unit) error {
		if err := begin(u, c.Gives, c.Issue); err != nil {
			return err
		}
		return lowerCame(u, c)
	}, nil
}

// lowerCame ends what a lower role was to come in the place of, once that is there or won't be.
func lowerCame(u *engine.Unit, c access.Reclaim) error {
	lower, err := u.Grant(c.Gives)
	if err != nil || lower.Live() && lower.State != access.GrantActive {
		return err
	}
	return endRest(u, c.ID)
}

// begin lets a grant begin that has an issue.
func begin(u *engine.Unit, id string, issue access.Issue) error {
	g, err := u.Grant(id)
	if err != nil || g.State != access.GrantWaiting {
		return err
	}
	g.Issue = issue
	e := g.Event(access.EventRecorded, access.System(), u.At)
	e.Issue = &issue
	_, err = u.MoveGrant(g, e)
	return err
}

// notGiven ends what was to be given in the place of something that ended otherwise.
func notGiven(u *engine.Unit, id string) error {
	g, err := u.Grant(id)
	if err != nil || g.State != access.GrantWaiting {
		return err
	}
	return endAll(u, []access.Grant{g}, access.EndReclaimed, access.System(), "")
}

// endRest ends what a lower role has come in the place of.
func endRest(u *engine.Unit, id string) error {
	c, err := engine.Load(u, reclaims(), id)
	if err != nil || c.State != access.ReclaimRemoving {
		return err
	}
	var ends []access.Grant
	for _, id := range c.Ends {
		g, err := u.Grant(id)
		if err != nil {
			return err
		}
		if g.Live() {
			ends = append(ends, g)
		}
	}
	if len(ends) == 0 {
		return settle(u, c)
	}
	return endAll(u, ends, access.EndReclaimed, access.System(), "")
}
