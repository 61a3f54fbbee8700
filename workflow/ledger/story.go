package ledger

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// writerOf is the one place that asks what a task is about.
func (s *Service) writerOf(t store.Task) (Writer, string, error) {
	w, known := s.writers[t.Subject.Kind]
	if !known {
		return nil, "", people.Rejected("Nothing writes the story of %s into an issue: report this fault", t.Subject)
	}
	return w, t.Subject.ID, nil
}

// openIssue is the effect that makes the issue of what the event is about.
func openIssue(u *engine.Unit, e access.Event, _ access.Effect) error {
	_, err := u.Enqueue(store.Task{ID: "open/" + e.Request, Queue: Queue, Kind: OpenTask, Subject: e.About(), Priority: store.Writings, Lane: lane(e.Request)})
	return err
}

// record is the effect that tells the issue about an event. What nobody asked for
// has no issue of its own: the log is its record, and little is written elsewhere.
func record(u *engine.Unit, e access.Event, _ access.Effect) error {
	if e.Request == "" {
		return recordUnasked(u, e)
	}
	body, err := engine.Payload(eventPayload{e.ID})
	if err != nil {
		return err
	}
	from, err := ready(u, e)
	if err != nil {
		return err
	}
	if _, err = u.EnqueueFor(store.Task{
		ID: RecordID(e), Queue: Queue, Kind: RecordTask, Subject: e.About(),
		Priority: store.Writings, Lane: lane(e.Request), Payload: body,
	}, from); err != nil {
		return err
	}
	return errors.Join(lookLater(u, e, body), endApart(u, e))
}

// open is the handler of OpenTask. A request that may have its issue already, of which this
// store is too old to know, waits: that it was opened would begin another story.
func (s *Service) open(ctx context.Context, t store.Task) (engine.Outcome, error) {
	w, id, err := s.writerOf(t)
	if err == nil {
		err = mayBeOlder(ctx, s.units, id)
	}
	if err != nil {
		return nil, err
	}
	return w.Open(ctx, id, earlier(t))
}

// record is the handler of RecordTask.
func (s *Service) record(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[eventPayload](t)
	if err != nil {
		return nil, err
	}
	w, id, err := s.writerOf(t)
	if err == nil {
		err = mayBeOlder(ctx, s.units, id)
	}
	if err != nil {
		return nil, err
	}
	done, err := w.Record(ctx, id, p.Event, t.Begun)
	switch {
	case errors.Is(err, errNoIssue):
		return func(u *engine.Unit) error { return openAgain(u, t) }, nil
	case err != nil && s.missing(ctx, t, err):
		return s.goneFor(ctx, t, p.Event)
	}
	return done, err
}

// eraseTimeout is how long one attempt may take: a long story has thousands of comments.
// What was written anew is not written again by the next.
const eraseTimeout = 10 * time.Minute

// erase is the handler of EraseTask.
func (s *Service) erase(ctx context.Context, t store.Task) (engine.Outcome, error) {
	if err := mayBeOlder(ctx, s.units, t.Subject.Request()); err != nil {
		return nil, err
	}
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil || s.erasures == nil || c.Request.Issue.Gone {
		return nil, err
	}
	if err := s.stories.mayWrite(); err != nil {
		return nil, err
	}
	var wrote access.Entry
	if err := s.erasures.Erase(ctx, c, s.stories.recordMaker(ctx, c, &wrote)); err != nil {
		return nil, err
	}
	return jiraHolds(wrote), nil
}
