package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Inbox is what people do in Jira. Errors are *access.Failure.
type Inbox interface {
	// Changes tells how the issues stand that were changed since a moment, and
	// perhaps some more. known is asked whether an issue was dealt with as it is.
	Changes(ctx context.Context, since time.Time, known func(id string, updated time.Time) bool) ([]access.IssueSnapshot, error)
	// Look tells how issues stand now. One that is not there is told as gone.
	Look(ctx context.Context, issues []access.Issue) ([]access.IssueSnapshot, error)
	// Account finds a person's account, "" if it can't be told for certain.
	Account(ctx context.Context, p access.Person) (string, error)
	// Say writes a comment. again: an earlier attempt may have got through.
	Say(ctx context.Context, issue access.Issue, m access.IssueComment, again bool) error
}

const (
	inboxDuty  = "jira.inbox"
	inboxFirst = "jira.first" // when it was done for the first time: what is older is nobody's news
	patrol     = "jira.patrol"

	// patrolEvery is how many turns lie between two rounds past all open issues:
	// what is deleted leaves no trace among the changes.
	patrolEvery = 10
)

// listen reads the inbox at every turn until ctx ends.
func (s *Service) listen(ctx context.Context) {
	for ctx.Err() == nil {
		due, stop := s.Clock.Until(s.Clock.Now().Add(s.Poll))
		if err := s.readInbox(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("Jira's changes can't be read now; they are read at the next turn", "error", err)
		}
		select {
		case <-due:
		case <-ctx.Done():
		}
		stop()
	}
}

// readInbox takes one turn, unless another process has the duty.
func (s *Service) readInbox(ctx context.Context) error {
	mine, err := s.onDuty(ctx)
	if err != nil || !mine {
		return err
	}
	if err := s.readChanges(ctx); err != nil {
		return err
	}
	now := s.Clock.Now().UTC()
	last, err := s.lastTurn(ctx, patrol, now)
	if err != nil || now.Sub(last) < patrolEvery*s.Poll && !last.Equal(now) {
		return err
	}
	if err := s.patrol(ctx); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error { return putMark(tx, store.Mark{ID: patrol, At: now}) })
}

func (s *Service) onDuty(ctx context.Context) (mine bool, err error) {
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		now := s.Clock.Now().UTC()
		_, mine, err = tx.Lease(inboxDuty, s.Owner, now, now.Add(2*s.Poll+taskTimeout))
		return err
	})
	return mine, err
}

// readChanges deals with everything that was changed since the last turn that
// went through. The next one begins where this one began, not where it ended.
func (s *Service) readChanges(ctx context.Context) error {
	begun := s.Clock.Now().UTC()
	since, err := s.lastTurn(ctx, inboxDuty, begun)
	if err != nil {
		return err
	}
	seen, err := s.ports.Inbox.Changes(ctx, since, func(id string, updated time.Time) bool { return s.dealtWith(ctx, id, updated) })
	if err != nil {
		return err
	}
	if err := s.heedAll(ctx, seen); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := store.LoadMark(tx, inboxFirst)
		if errors.Is(err, store.ErrNotFound) {
			err = putMark(tx, store.Mark{ID: inboxFirst, At: begun})
		}
		return errors.Join(err, putMark(tx, store.Mark{ID: inboxDuty, At: begun}))
	})
}

// oldest is the moment from which on it counts what others did to the issue of a
// request: since the request was made, and since Latchkey has looked at all.
func (s *Service) oldest(ctx context.Context, r access.Request) (time.Time, error) {
	first, err := s.lastTurn(ctx, inboxFirst, r.Created)
	if err != nil || first.Before(r.Created) {
		return r.Created, err
	}
	return first, nil
}

func putMark(tx store.Tx, m store.Mark) error {
	old, err := store.LoadMark(tx, m.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	m.Version = old.Version
	return store.PutMark(tx, &m)
}

// lastTurn is when a duty was done last; now if it never was.
func (s *Service) lastTurn(ctx context.Context, duty string, now time.Time) (at time.Time, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		m, err := store.LoadMark(tx, duty)
		if errors.Is(err, store.ErrNotFound) {
			m, err = store.Mark{At: now}, nil
		}
		at = m.At
		return err
	})
	return at, err
}

func (s *Service) dealtWith(ctx context.Context, id string, updated time.Time) bool {
	w, err := s.watched(ctx, id)
	return err == nil && w.Version > 0 && w.Updated.Equal(updated)
}

func (s *Service) watched(ctx context.Context, id string) (w store.Watched, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		w, err = loadWatch(tx, id)
		return err
	})
	return w, err
}

func loadWatch(tx store.Tx, id string) (store.Watched, error) {
	w, err := store.Watch(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return store.Watched{ID: id}, nil
	}
	return w, err
}

// heedAll deals with every snapshot, whatever becomes of the others.
func (s *Service) heedAll(ctx context.Context, seen []access.IssueSnapshot) error {
	var errs []error
	for _, si := range seen {
		if err := s.heed(ctx, si); err != nil {
			errs = append(errs, fmt.Errorf("issue %s: %w", si.Issue.Key, err))
		}
	}
	return errors.Join(errs...)
}

// heed deals with one issue: with one that belongs to a request by comparing
// them, with any other as a request made in the portal.
func (s *Service) heed(ctx context.Context, si access.IssueSnapshot) error {
	w, err := s.watched(ctx, si.Issue.ID)
	if err != nil {
		return err
	}
	r, found, err := s.requestOf(ctx, si.Issue.ID)
	switch {
	case err != nil:
		return err
	case found:
		return s.follow(ctx, r.ID, si, w)
	case si.Portal && !si.Own && !si.Gone:
		return s.raised(ctx, si, w)
	default:
		return nil
	}
}

func (s *Service) requestOf(ctx context.Context, issueID string) (r access.Request, found bool, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		r, err = store.RequestOfIssue(tx, issueID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		found = err == nil
		return err
	})
	return r, found, err
}

// patrol looks at the issues of everything that is not over, a page at a turn,
// because a deleted issue, comment or property is no change that Jira lists.
func (s *Service) patrol(ctx context.Context) error {
	for after := ""; ; {
		page, last, err := s.openIssues(ctx, after)
		if err != nil || last == "" {
			return err
		}
		if len(page) > 0 {
			seen, err := s.ports.Inbox.Look(ctx, page)
			if err != nil {
				return err
			}
			if err := s.heedAll(ctx, seen); err != nil {
				return err
			}
		}
		after = last
	}
}

// openIssues are the issues among the next requests that are not over, and the
// last request looked at; "" at the end.
func (s *Service) openIssues(ctx context.Context, after string) (page []access.Issue, last string, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		page, last = nil, ""
		all, err := store.AllRequests(tx, after, 100)
		if err != nil {
			return err
		}
		for _, r := range all {
			last = r.ID
			open, err := isOpen(tx, r)
			if err != nil {
				return err
			}
			if open && r.Issue.ID != "" {
				page = append(page, r.Issue)
			}
		}
		return nil
	})
	return page, last, err
}

func isOpen(tx store.Tx, r access.Request) (bool, error) {
	if r.State == access.RequestPending {
		return true, nil
	}
	g, err := store.Grant(tx, r.GrantID())
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && g.State != access.GrantEnded, err
}
