package ledger

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// EndTask has an issue of its own say that access ends whose issue was closed when it was given.
const EndTask = "issue.end"

// Ends makes the issues of ends. Errors are *access.Failure.
type Ends interface {
	// End has an issue of its own say how the end of a case's access stands by an event, unless the
	// case's own issue is still open: one that IT finds among what is to be done, tied to the
	// case's own, and closed once the access is gone. since is as with Issues.Open.
	End(ctx context.Context, c access.Case, e access.Event, since time.Time) error
}

// endApart has such an issue follow an event of a grant, where there may be one.
func endApart(u *engine.Unit, e access.Event) error {
	switch e.Kind {
	case access.EventEnding, access.EventStuck, access.EventRetried, access.EventFulfilled, access.EventNotFulfilled,
		access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone:
	default:
		return nil
	}
	g, err := u.Grant(e.Grant)
	if err != nil || !g.Revoking || g.Wanted != catalog.Forever || g.Started.IsZero() {
		return err
	}
	body, err := engine.Payload(eventPayload{e.ID})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{
		ID: "end/" + e.ID, Queue: Queue, Kind: EndTask, Subject: access.RequestSubject(e.Request),
		Priority: store.Writings, Lane: lane("end/" + e.Request), Payload: body,
	})
	return err
}

// endings tell of ends apart.
type endings struct {
	stories requests
	tells   Ends // nil: nothing is told apart
}

// tell is the handler of EndTask. The issue may be there from an earlier event.
func (d endings) tell(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[eventPayload](t)
	if err != nil || d.tells == nil {
		return nil, err
	}
	if err := mayBeOlder(ctx, d.stories.units, t.Subject.Request()); err != nil {
		return nil, err
	}
	if err := d.stories.mayWrite(); err != nil {
		return nil, err
	}
	c, err := d.stories.query.Case(ctx, t.Subject.Request())
	if err != nil || c.Request.Issue.Key == "" || c.Request.Issue.Gone {
		return nil, err
	}
	e, known := eventOf(c, p.Event)
	began, ended := c.Last(access.EventEnding)
	if !known || !ended {
		return nil, nil // what can't be read back is told where the story is
	}
	since := earlier(t)
	if e.ID != began.ID {
		since = began.At
	}
	return nil, d.tells.End(ctx, c, e, since)
}
