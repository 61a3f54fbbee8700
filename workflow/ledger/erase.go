package ledger

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// eraseTimeout is how long one attempt may take: a long story has thousands of comments.
// What was written anew is not written again by the next.
const eraseTimeout = 10 * time.Minute

// EraseIssue has written anew, in the order of its story, what the issue of a request
// says: some of it was erased in the log. Nothing where there is no issue.
func EraseIssue(u *engine.Unit, r access.Request) error {
	if r.Issue.ID == "" || r.Issue.Gone {
		return nil
	}
	t := store.Task{ID: "erase/" + r.ID, Queue: Queue, Kind: EraseTask, Subject: access.RequestSubject(r.ID), Priority: store.Notices, Lane: lane(r.ID)}
	added, err := u.Enqueue(t)
	if err != nil || added {
		return err
	}
	return u.Expedite(t.ID)
}

// erase is the handler of EraseTask.
func (s *Service) erase(ctx context.Context, t store.Task) (engine.Outcome, error) {
	if err := s.mayBeOlder(ctx, t.Subject.Request()); err != nil {
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
	err = s.erasures.Erase(ctx, c, s.stories.recordMaker(ctx, c, &wrote))
	if err != nil && s.missing(ctx, t, err) {
		return func(u *engine.Unit) error { return s.gone(u, c.Request.ID) }, nil
	}
	if err != nil {
		return nil, err
	}
	return held(wrote), nil
}
