package ledger

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// requests writes the stories of requests, with those of their grants.
type requests struct {
	units  *engine.Units
	query  *query.Service
	issues Issues
	again  func(u *engine.Unit, r access.Request, was access.Issue) error // tells people that another issue tells it
}

// Open implements Writer.
func (w requests) Open(ctx context.Context, id string, since time.Time) (engine.Outcome, error) {
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Key != "" && !c.Request.Issue.Gone {
		return nil, err
	}
	issue, err := w.issues.Open(ctx, c, w.recordMaker(ctx, c), since)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		r, err := u.Request(id)
		if err != nil {
			return err
		}
		if r.Issue.Key != "" && !r.Issue.Gone {
			return nil // it can be seen again
		}
		was := r.Issue
		if r, err = u.MoveRequest(r, opened(r, issue, u.At)); err != nil || was.Key == "" || w.again == nil {
			return err
		}
		return w.again(u, r, was)
	}, nil
}

// Record implements Writer.
func (w requests) Record(ctx context.Context, id string, event string, again bool) (engine.Outcome, error) {
	c, err := w.query.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	e, known := eventOf(c, event)
	switch {
	case c.Request.Issue.Gone && known && needsIssue(c, e):
		return nil, errNoIssue
	case c.Request.Issue.Gone: // the log is the record then
		return nil, nil
	case !known && len(c.Lost) == 0:
		return nil, people.Rejected("Event %s is not in the log, so it can't be told to the issue", event)
	case !known:
		e = standIn(c, event)
	}
	if err := w.issues.Record(ctx, c, e, w.recordMaker(ctx, c), again); err != nil || len(c.Lost) == 0 {
		return nil, err
	}
	return func(u *engine.Unit) error { return awaitState(u, id) }, nil
}

func eventOf(c access.Case, id string) (access.Event, bool) {
	i := slices.IndexFunc(c.Story, func(e access.Event) bool { return e.ID == id })
	if i < 0 {
		return access.Event{}, false
	}
	return c.Story[i], true
}
