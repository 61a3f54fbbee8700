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

// LeaveOut leaves somebody's seat of an app out, whether they were asked or not: until a moment or, where that is zero, for good.
func (s *Service) LeaveOut(ctx context.Context, by access.Actor, who access.PersonID, app string, until time.Time, why string) (c access.Reclaim, err error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return c, err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		if err := people.StillHere(u, by.Person); err != nil {
			return err
		}
		if err := s.authority.May(caller, people.ActExemptSeat, people.Matter{App: app, Holder: access.Person{ID: who}}); err != nil {
			return err
		}
		c, err = s.leaveOut(u, by, seatKey{who, app}, until, why)
		return err
	})
	return c, s.units.LogRefusal(ctx, "", by, "leave an idle seat out", err)
}

// seatKey says whose seat of which app it is.
type seatKey struct {
	who access.PersonID
	app string
}

func (s *Service) leaveOut(u *engine.Unit, by access.Actor, seat seatKey, until time.Time, why string) (access.Reclaim, error) {
	before, err := store.ReclaimsOfSeat(u.Tx, seat.who, seat.app)
	if err != nil {
		return access.Reclaim{}, err
	}
	for _, c := range before {
		switch {
		case c.LeftOut(u.At):
			return c, access.Refuse(access.Duplicate, "", "This is left out already.")
		case c.Answers():
			e := c.Event(access.EventReclaimExempted, by, u.At)
			e.Until, e.Reason = until, why
			return move(u, c, e)
		case c.Open():
			return c, access.Refuse(access.TooLate, "", c.State.Unmoved())
		}
	}
	c, err := unasked(u, seat)
	if err != nil {
		return c, err
	}
	c, e, err := access.LeaveOut(c, by, until, why, u.At)
	if err != nil {
		return c, err
	}
	return c, engine.Begin(u, reclaims(), &c, e)
}

// unasked is a seat of which nobody was asked, as what is said of it without a question.
func unasked(u *engine.Unit, seat seatKey) (access.Reclaim, error) {
	held, err := heldNow(u, seat.who, seat.app)
	held = slices.DeleteFunc(held, func(g access.Grant) bool { return !g.Live() })
	app, there := u.Catalog.App(seat.app)
	switch {
	case err != nil:
		return access.Reclaim{}, err
	case len(held) == 0:
		return access.Reclaim{}, access.Refuse(access.Unknown, "", "They have no access to this app, so there is nothing to leave out.")
	case !there || !ruleOf(app, held).On():
		return access.Reclaim{}, access.Refuse(access.Invalid, "", "Seats of this don't come back anyway, by the configuration.")
	}
	held = latestFirst(held)
	c := access.Reclaim{ID: prefix + rand.Text()[:10], Person: seat.who, App: seat.app, Role: held[0].Role, Grant: held[0].ID, Request: held[0].Request, Rule: access.ReclaimRuleOf(ruleOf(app, held)), Seat: app.Seat}
	for _, g := range held {
		c.Grants = append(c.Grants, g.ID)
	}
	return c, nil
}

// Askable ends that a seat is left out.
func (s *Service) Askable(ctx context.Context, by access.Actor, id string) (access.Reclaim, error) {
	c, err := s.answer(ctx, by, people.ActExemptSeat, id, func(u *engine.Unit, c access.Reclaim) (access.Reclaim, error) {
		return move(u, c, c.Event(access.EventReclaimAskable, by, u.At))
	})
	return c, s.units.LogRefusal(ctx, "", by, "have a seat not be left out any more", err)
}

// shownAtOnce is how many questions are read at a time.
const shownAtOnce = 500

// Overseen are the questions of which somebody who looks after apps can still do something, the latest first: those that are open,
// what is left out, and what can be had back. app is of which app; empty: of all that they look after.
func (s *Service) Overseen(ctx context.Context, by access.Actor, app string) (out []access.Reclaim, err error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return nil, err
	}
	if err := s.oversees(caller, app); err != nil {
		return nil, err
	}
	now := s.units.Now()
	for after := ""; ; {
		page, err := s.List(ctx, after, shownAtOnce)
		if err != nil || len(page) == 0 {
			slices.SortStableFunc(out, func(a, b access.Reclaim) int { return b.Created.Compare(a.Created) })
			return out, err
		}
		after = page[len(page)-1].ID
		for _, c := range page {
			shows := c.Open() || c.LeftOut(now) || c.CanBeRestored(now)
			if shows && (app == "" || c.App == app) && s.authority.May(caller, people.ActOversee, people.Matter{App: c.App}) == nil {
				out = append(out, c)
			}
		}
	}
}

// oversees refuses whoever looks after no app, or not after this one.
func (s *Service) oversees(caller people.Caller, app string) error {
	if app != "" {
		return s.authority.May(caller, people.ActOversee, people.Matter{App: app})
	}
	refusal := s.authority.May(caller, people.ActOversee, people.Matter{})
	if slices.ContainsFunc(reclaimed(s.catalog()), func(a catalog.App) bool {
		return s.authority.May(caller, people.ActOversee, people.Matter{App: a.ID}) == nil
	}) {
		return nil
	}
	return refusal
}
