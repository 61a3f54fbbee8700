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

// delays tells customers what takes its time.
type delays struct {
	stories requests
	tells   Delays // nil: nobody is told
}

// look is the handler of LateTask. It waits beside the issue's lane, which goes on
// meanwhile; what is to be told goes through it.
func (d delays) look(ctx context.Context, t store.Task) (engine.Outcome, error) {
	c, _, late, err := d.late(ctx, t)
	if err != nil || !late {
		return nil, err
	}
	return func(u *engine.Unit) error {
		_, err := u.Enqueue(store.Task{ID: "tell-" + t.ID, Queue: Queue, Kind: TellTask, Subject: t.Subject, Priority: store.Writings, Lane: lane(c.Request.ID), Payload: t.Payload})
		return err
	}, nil
}

// tell is the handler of TellTask.
func (d delays) tell(ctx context.Context, t store.Task) (engine.Outcome, error) {
	if err := mayBeOlder(ctx, d.stories.units, t.Subject.Request()); err != nil {
		return nil, err
	}
	if err := d.stories.mayWrite(); err != nil {
		return nil, err
	}
	c, e, late, err := d.late(ctx, t)
	if err != nil || !late {
		return nil, err
	}
	return nil, d.tells.Late(ctx, c, e, t.Begun)
}

// late tells whether something is still to come of the event that a task is about.
func (d delays) late(ctx context.Context, t store.Task) (c access.Case, e access.Event, late bool, err error) {
	p, err := engine.ReadPayload[eventPayload](t)
	if err != nil || d.tells == nil {
		return c, e, false, err
	}
	c, err = d.stories.query.Case(ctx, t.Subject.Request())
	if err != nil {
		return c, e, false, err
	}
	e, _ = eventOf(c, p.Event)
	return c, e, isLate(c, p.Event), nil
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
