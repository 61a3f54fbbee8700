package reclaim

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Needed says that somebody still needs their seat, and for what. Its clock starts anew.
func (s *Service) Needed(ctx context.Context, by access.Actor, id, why string) (access.Reclaim, error) {
	c, err := s.answer(ctx, by, people.ActKeepSeat, id, func(u *engine.Unit, c access.Reclaim) (access.Reclaim, error) {
		e := c.Event(access.EventReclaimNeeded, by, u.At)
		e.Reason = why
		return move(u, c, e)
	})
	return c, s.units.LogRefusal(ctx, "", by, "keep an idle seat", err)
}

// GiveBack gives a seat back: all access that holds it ends at once.
func (s *Service) GiveBack(ctx context.Context, by access.Actor, id string) (access.Reclaim, error) {
	c, err := s.answer(ctx, by, people.ActReturn, id, func(u *engine.Unit, c access.Reclaim) (access.Reclaim, error) {
		held, err := heldNow(u, c.Person, c.App)
		if err != nil {
			return c, err
		}
		e := c.Event(access.EventReclaimReturned, by, u.At)
		live := held[:0:0]
		for _, g := range held {
			if g.Live() {
				live = append(live, g)
				e.Reclaim.Ends = append(e.Reclaim.Ends, g.ID)
			}
		}
		if c, err = move(u, c, e); err != nil {
			return c, err
		}
		return c, endAll(u, live, access.EndReturned, by, "")
	})
	return c, s.units.LogRefusal(ctx, "", by, "give an idle seat back", err)
}

// RemindLater puts a question off, as often and for as long as the configuration says.
func (s *Service) RemindLater(ctx context.Context, by access.Actor, id string) (access.Reclaim, error) {
	c, err := s.answer(ctx, by, people.ActKeepSeat, id, func(u *engine.Unit, c access.Reclaim) (access.Reclaim, error) {
		e := c.Event(access.EventReclaimPostponed, by, u.At)
		e.Until = u.At.Add(c.Rule.Postpone)
		return move(u, c, e)
	})
	return c, s.units.LogRefusal(ctx, "", by, "put a question about an idle seat off", err)
}

// Exempt leaves a seat out, until a moment or, where that is zero, for good. IT and the app's owners can, nobody for themselves.
func (s *Service) Exempt(ctx context.Context, by access.Actor, id string, until time.Time, why string) (access.Reclaim, error) {
	c, err := s.answer(ctx, by, people.ActExemptSeat, id, func(u *engine.Unit, c access.Reclaim) (access.Reclaim, error) {
		e := c.Event(access.EventReclaimExempted, by, u.At)
		e.Until, e.Reason = until, why
		return move(u, c, e)
	})
	return c, s.units.LogRefusal(ctx, "", by, "leave an idle seat out", err)
}

// answer takes somebody's answer to a question, if they may give it.
func (s *Service) answer(ctx context.Context, by access.Actor, act people.Act, id string, do func(*engine.Unit, access.Reclaim) (access.Reclaim, error)) (c access.Reclaim, err error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return c, err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		if c, err = engine.Load(u, reclaims(), id); err != nil {
			return unknownCase(err)
		}
		if err := people.StillHere(u, by.Person); err != nil {
			return err
		}
		if err := s.authority.May(caller, act, people.Matter{App: c.App, Holder: access.Person{ID: c.Person}}); err != nil {
			return err
		}
		c, err = do(u, c)
		return err
	})
	return c, err
}

func unknownCase(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return access.Refuse(access.Unknown, "id", "There is no such question about an idle seat.")
	}
	return err
}
