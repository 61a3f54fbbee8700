package ledger

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// MarkGone notes, as an event of the story, that a request's issue isn't there any
// more, or can't be seen; false if that is known. What waits to be written to it
// needn't wait: the log is the record then.
func MarkGone(u *engine.Unit, request string) (news bool, err error) {
	r, err := u.Request(request)
	if err != nil || r.Issue.Gone {
		return false, err
	}
	news, err = seen(u, &r, true, "The issue "+r.Label()+" was deleted, or hidden from Latchkey")
	if err != nil {
		return false, err
	}
	return news, unblock(u, r)
}

// MarkBack notes that an issue that was gone can be seen again. What happened
// meanwhile is in the pages that this record writes.
func MarkBack(u *engine.Unit, request string) (news bool, err error) {
	r, err := u.Request(request)
	if err != nil || !r.Issue.Gone {
		return false, err
	}
	return seen(u, &r, false, "The issue "+r.Label()+" can be seen again")
}

// seen notes whether the issue is there. What hides it and shows it again and again
// makes no news each time.
func seen(u *engine.Unit, r *access.Request, gone bool, what string) (news bool, err error) {
	r.Issue.Gone = gone
	if err := engine.Save(u, engine.Requests(), r); err != nil {
		return false, err
	}
	told, err := u.Repeats(access.System(), access.RequestSubject(r.ID), fmt.Sprintf("gone|%t", gone))
	if err != nil {
		return false, err
	}
	e := r.Event(access.EventIssueDrift, access.System(), u.At)
	if !told.Worth {
		u.Again(e, access.Effect{Kind: access.EffectShowCards})
		return false, nil
	}
	e.Note = told.Repeated(what) + "."
	effs := []access.Effect{{Kind: access.EffectShowCards}}
	if !gone {
		effs = append(effs, access.Effect{Kind: access.EffectRecord})
	}
	_, err = u.Append(e, effs...)
	return true, err
}

// unblock lets what is stuck on its way to an issue that is gone come to its end.
func unblock(u *engine.Unit, r access.Request) error {
	story, err := u.Story(access.RequestSubject(r.ID))
	if err != nil {
		return err
	}
	stuck := 0
	for _, e := range story {
		t, err := u.Tx.Task(RecordID(e))
		if errors.Is(err, store.ErrNotFound) || err == nil && t.State != store.Stuck {
			continue
		}
		if err == nil {
			err = u.Expedite(t.ID)
		}
		if err != nil {
			return err
		}
		stuck++
	}
	if stuck == 0 {
		return nil
	}
	_, err = u.Append(r.Event(access.EventTaskResumed, access.System(), u.At), access.Effect{Kind: access.EffectShowCards})
	return err
}

// missing tells whether what can't be written was refused because the issue is gone.
func (s *Service) missing(ctx context.Context, t store.Task, cause error) bool {
	if s.presence == nil || t.Subject.Kind != access.SubjectRequest || access.Classify(cause).Class != access.Rejected {
		return false
	}
	c, err := s.query.Case(ctx, t.Subject.ID)
	if err != nil {
		return false
	}
	there, err := s.presence.There(ctx, c.Request.Issue)
	return err == nil && !there
}

// unlessGone is a handler of what needs no issue in the place of one that turns out to be gone:
// everybody concerned hears of it, and the task is over.
func (s *Service) unlessGone(do engine.HandlerFunc) engine.HandlerFunc {
	return func(ctx context.Context, t store.Task) (engine.Outcome, error) {
		done, err := do(ctx, t)
		if err != nil && s.missing(ctx, t, err) {
			return func(u *engine.Unit) error { return s.gone(u, t.Subject.Request()) }, nil
		}
		return done, err
	}
}

// goneFor is what follows when an event could not be told because the issue is gone:
// everybody concerned hears of it, and what changes access gets another issue.
func (s *Service) goneFor(ctx context.Context, t store.Task, event string) (engine.Outcome, error) {
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil {
		return nil, err
	}
	e, known := eventOf(c, event)
	return func(u *engine.Unit) error {
		if err := s.gone(u, c.Request.ID); err != nil || !known || !needsIssue(c, e) {
			return err
		}
		return openAgain(u, t)
	}, nil
}
