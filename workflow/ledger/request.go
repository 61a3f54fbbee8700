package ledger

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
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
	may    func() error  // nil: stories may always be written
}

// Open implements Writer.
func (w requests) Open(ctx context.Context, id string, since time.Time) (engine.Outcome, error) {
	if err := w.mayWrite(); err != nil {
		return nil, err
	}
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Key != "" {
		return nil, err
	}
	issue, err := w.issues.Open(ctx, c, w.recordMaker(ctx, c, nil), since)
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

// Record implements Writer. What Jira has taken is noted: it was seen to hold that.
func (w requests) Record(ctx context.Context, id string, event string, again bool) (engine.Outcome, error) {
	if err := w.mayWrite(); err != nil {
		return nil, err
	}
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Gone { // the log is the record then
		return nil, err
	}
	i := slices.IndexFunc(c.Story, func(e access.Event) bool { return e.ID == event })
	if i < 0 {
		return nil, people.Rejected("Event %s is not in the log, so it can't be told to the issue", event)
	}
	var wrote access.Entry
	if err := w.issues.Record(ctx, c, c.Story[i], w.recordMaker(ctx, c, &wrote), again); err != nil {
		return nil, err
	}
	return held(wrote), nil
}

// held notes that Jira was seen to hold a story up to an event: it has taken it.
func held(last access.Entry) engine.Outcome {
	if last.N == 0 {
		return nil
	}
	return func(u *engine.Unit) error { return store.PutSeen(u.Tx, last.Subject, last.N, last.Leaf) }
}

func (w requests) mayWrite() error {
	if w.may == nil {
		return nil
	}
	return w.may()
}
