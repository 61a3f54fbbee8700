package inbox

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

const (
	// duty is the lease of the one process that reads, and how far it has come.
	duty = "jira.inbox"
	// first is when Jira was to be read for the first time, whatever came of it: what is older is
	// nobody's news.
	first = "jira.first"
	// rescanned is when all open issues were looked at last.
	rescanned = "jira.rescan"

	// rescanEvery is how many turns lie between two looks at all open issues: what
	// is deleted leaves no trace among the changes.
	rescanEvery = 10
)

// Run reads the inbox at every turn until ctx ends.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		due, stop := s.clock.Until(s.units.Now().Add(s.poll))
		if err := engine.Caught("a look at Jira", func() error { return s.turn(ctx) }); err != nil && ctx.Err() == nil {
			s.log.Warn("Jira's changes can't be read now; they are read at the next turn", "error", err)
		}
		select {
		case <-due:
		case <-ctx.Done():
		}
		stop()
	}
}

// turn reads once, unless another process does.
func (s *Service) turn(ctx context.Context) error {
	mine, err := s.units.Lease(ctx, duty, 2*s.poll+time.Minute)
	if access.Classify(err).Class == access.Limited && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(s.readChanges(mine), s.rescanIfDue(mine)) // one issue that fails keeps nothing else from being looked at
}

// rescanIfDue looks at all open issues when it is time to.
func (s *Service) rescanIfDue(ctx context.Context) error {
	now := s.units.Now()
	last, err := s.lastTurn(ctx, rescanned, now)
	if err != nil || now.Sub(last) < rescanEvery*s.poll && !last.Equal(now) {
		return err
	}
	if err := s.rescan(ctx); err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error { return putMark(u.Tx, rescanned, now) })
}

// readChanges deals with everything that was changed since the last turn that
// went through. The next one begins where this one began, not where it ended.
func (s *Service) readChanges(ctx context.Context) error {
	begun := s.units.Now()
	since, err := s.begin(ctx, begun)
	if err != nil {
		return err
	}
	seen, err := s.source.Changes(ctx, since, func(id string, updated time.Time) bool { return s.known(ctx, id, updated) })
	if err := errors.Join(err, s.takeAll(ctx, seen)); err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error { return putMark(u.Tx, duty, begun) })
}

// begin gives when the last turn began that went through. The very first one is noted before
// Jira is asked: what is done there while it can't be read is news as soon as it can.
func (s *Service) begin(ctx context.Context, now time.Time) (since time.Time, err error) {
	if since, err = s.lastTurn(ctx, duty, time.Time{}); err != nil || !since.IsZero() {
		return since, err
	}
	return now, s.units.Update(ctx, func(u *engine.Unit) error {
		return errors.Join(putMark(u.Tx, first, now), putMark(u.Tx, duty, now))
	})
}

// lastTurn is when something was done last; now if it never was.
func (s *Service) lastTurn(ctx context.Context, what string, now time.Time) (at time.Time, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		at, err = lastTurn(tx, what, now)
		return err
	})
	return at, err
}

func lastTurn(tx store.Tx, what string, now time.Time) (time.Time, error) {
	m, err := store.LoadMark(tx, what)
	if errors.Is(err, store.ErrNotFound) {
		return now, nil
	}
	return m.At, err
}

func putMark(tx store.Tx, what string, at time.Time) error {
	m, err := store.LoadMark(tx, what)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	m.ID, m.At = what, at
	return store.PutMark(tx, &m)
}

// known tells whether an issue was dealt with as it is. One that had only just changed when it
// was read may have changed once more within the same millisecond, so it is read again.
func (s *Service) known(ctx context.Context, id string, updated time.Time) bool {
	c, err := s.cursor(ctx, id)
	return err == nil && c.Version > 0 && !c.Fresh && c.Updated.Equal(updated)
}

func (s *Service) cursor(ctx context.Context, id string) (c store.IssueCursor, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err = loadCursor(tx, id)
		return err
	})
	return c, err
}

func loadCursor(tx store.Tx, id string) (store.IssueCursor, error) {
	c, err := store.LoadIssueCursor(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return store.IssueCursor{ID: id}, nil
	}
	return c, err
}
