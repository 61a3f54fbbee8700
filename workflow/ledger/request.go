package ledger

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// writer writes the story of one noun into its issue.
type writer interface {
	// open makes the issue of a subject, unless it has one.
	open(ctx context.Context, subject string, since time.Time) (engine.Outcome, error)
	// record tells the issue about an event.
	record(ctx context.Context, subject string, event uint64, again bool) error
}

// writerOf is the one place that knows which noun a task is about.
func (s *Service) writerOf(store.Task) writer { return requests{s} }

// OpenIssue is the effect that makes the issue of what the event is about.
func OpenIssue(u *engine.Unit, e access.Event, _ access.Effect) error {
	_, err := u.Enqueue(store.Task{ID: "open/" + e.Request, Queue: Queue, Kind: OpenTask, Subject: e.Request, Priority: store.Writings, Lane: lane(e.Request)})
	return err
}

// Record is the effect that tells the issue about an event. What nobody asked for
// has no issue of its own: the log is its record.
func Record(u *engine.Unit, e access.Event, _ access.Effect) error {
	if e.Request == "" {
		return nil
	}
	body, err := engine.Payload(eventPayload{e.Seq})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{
		ID: RecordID(e), Queue: Queue, Kind: RecordTask, Subject: e.Request,
		Priority: store.Writings, Lane: lane(e.Request), Payload: body,
	})
	return err
}

// RecordID is the id of the task that tells the issue about an event. While it
// lives, the issue does not know of the event.
func RecordID(e access.Event) string { return "record/" + e.ID() }

// eventPayload points at the event a task is about.
type eventPayload struct{ Event uint64 }

// open is the handler of OpenTask.
func (s *Service) open(ctx context.Context, t store.Task) (engine.Outcome, error) {
	return s.writerOf(t).open(ctx, t.Subject, earlier(t))
}

// earlier is when an attempt was made whose outcome is unknown.
func earlier(t store.Task) time.Time {
	if t.Begun {
		return t.Created
	}
	return time.Time{}
}

// record is the handler of RecordTask.
func (s *Service) record(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[eventPayload](t)
	if err != nil {
		return nil, err
	}
	return nil, s.writerOf(t).record(ctx, t.Subject, p.Event, t.Begun)
}

// requests writes the stories of requests, with those of their grants.
type requests struct{ *Service }

// open lets a waiting grant begin, too.
func (w requests) open(ctx context.Context, id string, since time.Time) (engine.Outcome, error) {
	c, err := w.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Key != "" {
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
		e := r.Event(access.EventIssueOpened, access.System(), u.At)
		e.Issue = &issue
		_, err = u.MoveRequest(r, e)
		return err
	}, nil
}

func (w requests) record(ctx context.Context, id string, event uint64, again bool) error {
	c, err := w.query.Case(ctx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Story, func(e access.Event) bool { return e.Seq == event })
	if i < 0 {
		return people.Rejected("Event %d is not in the log, so it can't be told to the issue", event)
	}
	return w.issues.Record(ctx, c, c.Story[i], again)
}

// AlarmEmergency tells that a human has to hear at once, and once, that the record
// of an emergency can't be opened: the access waits for it, and nobody else will
// notice that Jira is down.
func AlarmEmergency(u *engine.Unit, t store.Task, _ *access.Failure) (bool, error) {
	r, err := u.Request(t.Subject)
	if err != nil || !r.Emergency {
		return false, err
	}
	told, err := toldBefore(u.Tx, r.ID)
	return err == nil && !told, err
}
