package ledger

import (
	"context"
	"encoding/json"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// What is decided and what comes of it are one comment for the customer, if it comes soon.
const soon = time.Minute

// lookLater has it looked after a while whether something has come of what an event decided.
func lookLater(u *engine.Unit, e access.Event, payload json.RawMessage) error {
	switch e.Kind {
	case access.EventApproved, access.EventBreakGlass, access.EventIssueOpened:
	default:
		return nil
	}
	_, err := u.EnqueueFor(store.Task{ID: "late/" + e.ID, Queue: Queue, Kind: LateTask, Subject: e.About(), Priority: store.Notices, Payload: payload}, u.At.Add(soon))
	return err
}

// late is the handler of LateTask. It waits beside the issue's lane, which goes on
// meanwhile; what is to be told goes through it.
func (s *Service) late(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[eventPayload](t)
	if err != nil || s.delays == nil {
		return nil, err
	}
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil || !isLate(c, p.Event) {
		return nil, err
	}
	return func(u *engine.Unit) error {
		_, err := u.Enqueue(store.Task{ID: "tell-" + t.ID, Queue: Queue, Kind: TellTask, Subject: t.Subject, Priority: store.Writings, Lane: lane(c.Request.ID), Payload: t.Payload})
		return err
	}, nil
}

// isLate tells whether an event was the last to decide that access is given, and none is
// there. What is made by hand is told of when somebody is asked to make it.
func isLate(c access.Case, event string) bool {
	if c.Request.Issue.Key == "" || c.Request.Issue.Gone { // when it is there, so is the access soon after
		return false
	}
	if g := c.Grant; g == nil || !g.Started.IsZero() || !g.Finished.IsZero() || g.Revoking || g.State == access.GrantManual {
		return false
	}
	e, known := eventOf(c, event)
	yes, more := c.Last(access.EventApproved)
	return known && (e.Kind != access.EventApproved || more && yes.ID == e.ID)
}

// tellLate is the handler of TellTask.
func (s *Service) tellLate(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[eventPayload](t)
	if err == nil {
		err = mayBeOlder(ctx, s.units, t.Subject.Request())
	}
	if err == nil {
		err = s.stories.mayWrite()
	}
	if err != nil {
		return nil, err
	}
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil || !isLate(c, p.Event) {
		return nil, err
	}
	e, _ := eventOf(c, p.Event)
	if err := s.delays.Late(ctx, c, e, t.Begun); err != nil {
		if s.missing(ctx, t, err) {
			return s.goneFor(ctx, t, p.Event)
		}
		return nil, err
	}
	return nil, nil
}
