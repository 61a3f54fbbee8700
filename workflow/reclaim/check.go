package reclaim

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// The kinds of task.
const (
	CheckTask = "reclaim.check" // reads the use of a seat once more, because the time to answer is up or a question was put off until now
	LowerTask = "reclaim.lower" // lets the lower role begin that is given in the place of a higher one
	BackTask  = "reclaim.back"  // lets what is given back begin
)

const (
	// unreadAgain is how soon it is looked again whether a seat is used, where that isn't known.
	unreadAgain = time.Hour
	// movedAgain is how soon it is looked again where something else is changing the access.
	movedAgain = time.Minute
)

// about is what a task is about.
type about struct{ ID string }

func enqueue(u *engine.Unit, kind string, c access.Reclaim, p store.Priority) error {
	body, err := engine.Payload(about{c.ID})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: kind + "/" + c.ID, Queue: engine.HouseQueue, Kind: kind, Subject: access.ReclaimSubject(c.ID), Priority: p, Payload: body})
	return err
}

// move moves a question by an event, and writes it on its issue.
func move(u *engine.Unit, c access.Reclaim, e access.Event) (access.Reclaim, error) {
	c, err := engine.Move(u, reclaims(), c, e)
	if err == nil {
		err = tellIssue(u, c, e)
	}
	return c, err
}

// due has a seat looked at once more: nobody answered in time, or the time is up for which it was put off.
func (s *Service) due(u *engine.Unit, id string) error {
	c, err := engine.Load(u, reclaims(), id)
	if err != nil {
		return err
	}
	if c, err = move(u, c, c.Event(access.EventReclaimDue, access.System(), u.At)); err != nil {
		return err
	}
	return enqueue(u, CheckTask, c, store.Removals)
}

// check reads the use of a seat, and says what follows. What can't be known ends nothing: it is looked again.
func (s *Service) check(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[about](t)
	if err != nil {
		return nil, err
	}
	c, err := s.load(ctx, a.ID)
	if err != nil || !c.Answers() || !c.Until.IsZero() {
		return nil, err
	}
	if why := s.goesOn(c); why != "" {
		return func(u *engine.Unit) error { return s.dropIn(u, c.ID) }, nil
	}
	seat, why, err := s.seatOf(ctx, c)
	switch {
	case err != nil:
		return nil, err
	case why != "":
		return nil, s.unreadNow(ctx, c, why)
	case seat.Standing == access.SeatAsked && seat.ByUse == access.SeatUnknown:
		return nil, s.unreadNow(ctx, c, seat.Why)
	}
	return func(u *engine.Unit) error { return s.follow(u, c.ID, seat) }, nil
}

func (s *Service) load(ctx context.Context, id string) (c access.Reclaim, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err = store.Reclaim(tx, id)
		return err
	})
	return c, err
}

// seatOf is how the seat stands that a question is about; why says that it isn't known. A seat that isn't there any more has
// no places.
func (s *Service) seatOf(ctx context.Context, c access.Reclaim) (seat Seat, why string, err error) {
	app, _ := s.catalog().App(c.App)
	seen, err := s.lookNow(ctx, app)
	if err != nil {
		return seat, "", err
	}
	now, err := s.judge(ctx, seen)
	if err != nil || now.Unread != "" {
		return seat, now.Unread, err
	}
	i := slices.IndexFunc(now.Seats, func(o Seat) bool { return o.Person == c.Person })
	if i < 0 {
		return seat, "", nil
	}
	return now.Seats[i], "", nil
}

// unreadNow notes that it isn't known whether a seat is used, and has it looked at again.
func (s *Service) unreadNow(ctx context.Context, c access.Reclaim, why string) error {
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := engine.Load(u, reclaims(), c.ID)
		if err != nil {
			return err
		}
		e := c.Event(access.EventReclaimUnread, access.System(), u.At)
		e.Note = why
		if _, err = move(u, c, e); err == nil {
			return nil
		}
		if _, refused := access.AsRefusal(err); refused {
			return nil // that is known, or it was answered meanwhile
		}
		return err
	})
	if err != nil {
		return err
	}
	return &access.Failure{Class: access.Limited, Nothing: true, After: unreadAgain, Sentence: "It isn't known whether this seat is used, so nothing is taken away: " + why}
}

// follow does what follows from how a seat stands.
func (s *Service) follow(u *engine.Unit, id string, seat Seat) error {
	c, err := engine.Load(u, reclaims(), id)
	if err != nil || !c.Answers() || !c.Until.IsZero() {
		return err
	}
	seen := seat.Seen
	switch {
	case seat.Standing != access.SeatAsked || seat.Case != c.ID:
		return drop(u, c, goneBecause(seat))
	case c.UsedAgain(seen, u.At):
		e := c.Event(access.EventReclaimUsed, access.System(), u.At)
		e.Reclaim.Seen = &seen
		_, err = move(u, c, e)
		return err
	case seat.ByUse == access.SeatNew:
		return drop(u, c, "Other access to it was given since.")
	case seat.ByUse == access.SeatAway:
		return s.wait(u, c)
	case seat.ByUse != access.SeatIdle && seat.ByUse != access.SeatResting:
		return drop(u, c, "It isn't idle any more.")
	case c.State == access.ReclaimPostponed:
		e := c.Event(access.EventReclaimAskedNow, access.System(), u.At)
		e.Until, e.Reclaim.Seen = u.At.Add(c.Rule.Grace), &seen
		_, err = move(u, c, e)
		return err
	}
	return s.remove(u, c, seat)
}

// wait has a question wait for its holder, who is on leave.
func (s *Service) wait(u *engine.Unit, c access.Reclaim) error {
	p, err := store.Person(u.Tx, c.Person)
	if err != nil {
		return err
	}
	e := c.Event(access.EventReclaimAway, access.System(), u.At)
	e.Until = p.AbsentUntil()
	_, err = move(u, c, e)
	return err
}

// goneBecause says why nothing is asked any more about a seat.
func goneBecause(seat Seat) string {
	switch seat.Standing {
	case access.SeatLeftOut:
		return "It is left out by now: " + seat.Why
	case access.SeatUnexplained:
		return "Somebody put them into a group of it by hand meanwhile. IT has to look at that first."
	case access.SeatOfLeaver:
		return "Their account isn't active any more."
	}
	return "They aren't in the groups of it any more."
}

// drop ends a question because nothing is to be asked any more.
func drop(u *engine.Unit, c access.Reclaim, why string) error {
	e := c.Event(access.EventReclaimCancelled, access.System(), u.At)
	e.Note = why
	_, err := move(u, c, e)
	return err
}
