package reclaim

import (
	"context"
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
	app, _ := s.catalog().App(c.App)
	seat, why, err := s.seats.of(ctx, app, c.Person)
	switch {
	case err != nil:
		return nil, err
	case why != "":
		return nil, s.unknown(ctx, c, unknownUse{why: why, again: unreadAgain})
	case seat.Standing == access.SeatAsked && seat.ByUse == access.SeatUnknown:
		return nil, s.unknown(ctx, c, unknownUse{why: seat.Why, again: unreadAgain})
	case late(c, seat):
		return nil, s.notCompleteYet(ctx, c, seat.Seen)
	}
	return func(u *engine.Unit) error { return s.follow(u, c.ID, seat) }, nil
}

// late tells of a seat that looks idle, whose use until the time to answer was up may not be on record yet.
func late(c access.Reclaim, seat Seat) bool {
	idle := seat.Standing == access.SeatAsked && seat.Case == c.ID && (seat.ByUse == access.SeatIdle || seat.ByUse == access.SeatResting)
	return idle && seat.Seen.Complete.Before(c.Over) && !c.UsedAgain(seat.Seen, seat.Seen.Read)
}

// notCompleteYet has a seat looked at again once records have caught up with the time to answer.
func (s *Service) notCompleteYet(ctx context.Context, c access.Reclaim, seen access.Idleness) error {
	at := c.CompleteAt(seen)
	why := "Records of its use may be late (" + seen.Source + "). Whether it was used in time is certain at " + access.FullMoment(at) + "."
	return s.unknown(ctx, c, unknownUse{why: why, certain: at, again: max(at.Sub(s.units.Now()), movedAgain)})
}

func (s *Service) load(ctx context.Context, id string) (c access.Reclaim, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err = store.Reclaim(tx, id)
		return err
	})
	return c, err
}

// unknownUse is why it isn't known whether a seat is used, and when it is looked again.
type unknownUse struct {
	why     string
	certain time.Time // when it will be known, where records are only late
	again   time.Duration
}

// unknown notes that it isn't known whether a seat is used, and has it looked at again.
func (s *Service) unknown(ctx context.Context, c access.Reclaim, is unknownUse) error {
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := engine.Load(u, reclaims(), c.ID)
		if err != nil {
			return err
		}
		e := c.Event(access.EventReclaimUnread, access.System(), u.At)
		e.Note, e.Until = is.why, is.certain
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
	return &access.Failure{Class: access.Limited, Nothing: true, After: is.again, Sentence: "It isn't known whether this seat is used, so nothing is taken away: " + is.why}
}

// follow does what follows from how a seat stands.
func (s *Service) follow(u *engine.Unit, id string, seat Seat) error {
	c, err := engine.Load(u, reclaims(), id)
	if err != nil || !c.Answers() || !c.Until.IsZero() {
		return err
	}
	if over, err := s.over(u, c, seat); over || err != nil {
		return err
	}
	until, err := awayUntil(u, c)
	switch {
	case err != nil:
		return err
	case until.After(u.At):
		return wait(u, c, until)
	case c.State == access.ReclaimPostponed:
		return askAgain(u, c, seat.Seen)
	}
	return s.remove(u, c, seat)
}

// over ends a question where nothing is to be asked any more, and tells whether it did.
func (s *Service) over(u *engine.Unit, c access.Reclaim, seat Seat) (bool, error) {
	why := s.goesOn(c)
	switch {
	case why != "":
	case seat.Standing != access.SeatAsked || seat.Case != c.ID:
		why = goneBecause(seat)
	case c.UsedAgain(seat.Seen, u.At):
		return true, used(u, c, seat.Seen)
	case seat.ByUse == access.SeatNew:
		why = "Other access to it was given since."
	case seat.ByUse != access.SeatIdle && seat.ByUse != access.SeatResting && seat.ByUse != access.SeatAway:
		why = "It isn't idle any more."
	default:
		return false, nil
	}
	return true, drop(u, c, why)
}

// used ends a question because of a use.
func used(u *engine.Unit, c access.Reclaim, seen access.Idleness) error {
	e := c.Event(access.EventReclaimUsed, access.System(), u.At)
	e.Reclaim.Seen = &seen
	_, err := move(u, c, e)
	return err
}

// askAgain asks what was put off.
func askAgain(u *engine.Unit, c access.Reclaim, seen access.Idleness) error {
	e := c.Event(access.EventReclaimAskedNow, access.System(), u.At)
	e.Until, e.Reclaim.Seen = u.At.Add(c.Rule.Grace), &seen
	_, err := move(u, c, e)
	return err
}

// awayUntil is until when the holder is on leave.
func awayUntil(u *engine.Unit, c access.Reclaim) (time.Time, error) {
	p, err := store.Person(u.Tx, c.Person)
	return p.AbsentUntil(), err
}

// wait has a question wait for its holder, who is on leave.
func wait(u *engine.Unit, c access.Reclaim, until time.Time) error {
	e := c.Event(access.EventReclaimAway, access.System(), u.At)
	e.Until = until
	_, err := move(u, c, e)
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
