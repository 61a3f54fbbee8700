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
	sign   evidence.Sign                                                  // nil: nothing can be signed
	may    func() error                                                   // nil: stories may always be written
	again  func(u *engine.Unit, r access.Request, was access.Issue) error // tells people that another issue tells it
}

// Open implements Writer.
func (w requests) Open(ctx context.Context, id string, since time.Time) (engine.Outcome, error) {
	if err := w.mayWrite(); err != nil {
		return nil, err
	}
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Key != "" && !c.Request.Issue.Gone {
		return nil, err
	}
	issue, err := w.issues.Open(ctx, c, since)
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
		if r, err = u.MoveRequest(r, opened(r, issue, u.At)); err == nil {
			err = awaitFirst(u, id)
		}
		if err != nil || was.Key == "" || w.again == nil {
			return err
		}
		return w.again(u, r, was)
	}, nil
}

// Record implements Writer. What Jira has taken is noted: it was seen to hold that.
func (w requests) Record(ctx context.Context, id string, event string, again bool) (engine.Outcome, error) {
	if err := w.mayWrite(); err != nil {
		return nil, err
	}
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
	return w.record(ctx, c, e, again)
}

// record tells the issue about an event, and about what came of it meanwhile.
func (w requests) record(ctx context.Context, c access.Case, e access.Event, again bool) (engine.Outcome, error) {
	there, both, err := along(ctx, w.units, c, e)
	if err != nil {
		return nil, err
	}
	var wrote access.Entry
	maker := w.recordMaker(ctx, c, &wrote)
	told, with := e, []access.Event(nil)
	if both {
		told, with = there, []access.Event{e}
	}
	if c.MoreToTell, err = moreToTell(ctx, w.units, c, told); err != nil {
		return nil, err
	}
	if err = w.issues.Record(ctx, c, told, maker, again, with...); err != nil {
		return nil, err
	}
	held := jiraHolds(wrote)
	switch {
	case len(c.Lost) > 0:
		return func(u *engine.Unit) error { return awaitState(u, c.Request.ID) }, nil
	case both:
		return func(u *engine.Unit) error {
			if err := u.Drop(RecordID(there)); err != nil || held == nil {
				return err
			}
			return held(u)
		}, nil
	}
	return held, nil
}

func eventOf(c access.Case, id string) (access.Event, bool) {
	i := slices.IndexFunc(c.Story, func(e access.Event) bool { return e.ID == id })
	if i < 0 {
		return access.Event{}, false
	}
	return c.Story[i], true
}

// jiraHolds notes that Jira was seen to hold a story up to an event: it has taken it.
func jiraHolds(last access.Entry) engine.Outcome {
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

// firstAfter is how long after an issue was opened it is looked whether it carries the state.
// Something is told of nearly every request by then, and takes the state along.
const firstAfter = 2 * time.Minute

// awaitFirst has the issue of a request carry the state although nothing is told of it. It waits
// beside the issue's lane, which goes on meanwhile.
func awaitFirst(u *engine.Unit, request string) error {
	t := store.Task{ID: "first/" + request, Queue: Queue, Kind: FirstTask, Subject: access.RequestSubject(request), Priority: store.Notices}
	_, err := u.EnqueueFor(t, u.At.Add(firstAfter))
	return err
}
