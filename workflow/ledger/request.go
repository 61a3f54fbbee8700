package ledger

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// requests writes the stories of requests, with those of their grants.
type requests struct {
	units  *engine.Units
	query  *query.Service
	issues Issues
	sign   evidence.Sign // nil: nothing can be signed
}

// Open implements Writer.
func (w requests) Open(ctx context.Context, id string, since time.Time) (engine.Outcome, error) {
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Key != "" {
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
		e := r.Event(access.EventIssueOpened, access.System(), u.At)
		e.Issue = &issue
		_, err = u.MoveRequest(r, e)
		return err
	}, nil
}

// Record implements Writer.
func (w requests) Record(ctx context.Context, id string, event string, again bool) error {
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Gone { // the log is the record then
		return err
	}
	i := slices.IndexFunc(c.Story, func(e access.Event) bool { return e.ID == event })
	if i < 0 {
		return people.Rejected("Event %s is not in the log, so it can't be told to the issue", event)
	}
	return w.issues.Record(ctx, c, c.Story[i], w.recordMaker(ctx, c), again)
}
