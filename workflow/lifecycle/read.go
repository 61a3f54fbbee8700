package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

const (
	// mostPages is how many pages are read at a turn: a log has limits of its own, and the next turn goes on.
	mostPages = 10
	// pageTime bounds the reading of one page.
	pageTime = time.Minute
	// silentFor is how long a log can't be read before IT is told.
	silentFor = time.Hour
)

// Run reads the logs of all directories that have one until ctx ends. Each goes by itself: one that
// doesn't answer keeps no other from being read.
func (s *Service) Run(ctx context.Context) {
	var reading sync.WaitGroup
	for _, d := range s.dirs {
		if log, able := idp.As[idp.AccountLog](d); able && s.polls[d.ID()] > 0 {
			reading.Go(func() { s.follow(ctx, d, log) })
		}
	}
	reading.Wait()
}

func (s *Service) follow(ctx context.Context, d idp.Directory, log idp.AccountLog) {
	for ctx.Err() == nil {
		due, stop := s.clock.Until(s.units.Now().Add(s.polls[d.ID()]))
		err := engine.Caught("a look at the log of "+d.ID(), func() error { return s.turn(ctx, d, log) })
		if err != nil && ctx.Err() == nil {
			s.log.Warn("a directory's log can't be read now; it is read on at the next turn", "directory", d.ID(), "error", err)
		}
		select {
		case <-due:
		case <-ctx.Done():
		}
		stop()
	}
}

// Turn reads what a directory's log has new, unless another process does.
func (s *Service) turn(ctx context.Context, d idp.Directory, log idp.AccountLog) error {
	mine, err := s.units.Lease(ctx, "accountlog/"+d.ID(), 2*s.polls[d.ID()]+time.Minute)
	if access.Classify(err).Class == access.Limited && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	read, err := s.begin(mine, d.ID())
	if err != nil {
		return err
	}
	for range mostPages {
		more, err := s.page(mine, d, log, &read)
		if err != nil {
			return s.silent(mine, d, read, err)
		}
		if !more {
			return nil
		}
	}
	return nil
}

// begin is how far the log has been read. The first time reading begins at that moment: what happened before is for those
// who look at everybody. It begins with a page at once, since a log may only tell what comes after its first page.
func (s *Service) begin(ctx context.Context, directory string) (read store.AccountLog, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		read, err = store.LoadAccountLog(tx, directory)
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		return read, err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		read = store.AccountLog{Directory: directory, Since: u.At, Read: u.At}
		return store.PutAccountLog(u.Tx, &read)
	})
	return read, err
}

// page reads one page, and takes in what it says together with how far the log is read then.
func (s *Service) page(ctx context.Context, d idp.Directory, log idp.AccountLog, read *store.AccountLog) (more bool, err error) {
	call, done := context.WithTimeout(ctx, pageTime)
	defer done()
	page, err := log.ReadLog(call, idp.LogPosition{Since: read.Since, After: read.After})
	if errors.Is(err, idp.ErrLogPosition) {
		return false, errors.Join(err, s.beginAnew(ctx, log, read))
	}
	if err != nil {
		return false, err
	}
	next := *read
	next.Since, next.After = page.Next.Since, page.Next.After
	// A log that was quiet needs no note of that at every turn.
	quiet := len(page.Changes) == 0 && next == *read && s.units.Now().Sub(read.Read) < silentFor/2
	if quiet {
		return page.More, nil
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		kept := next
		if !page.More {
			kept.Read = u.At
		}
		if err := store.PutAccountLog(u.Tx, &kept); err != nil {
			return err
		}
		*read = kept
		return hint(u, d.ID(), page.Changes)
	})
	return page.More, err
}

// beginAnew goes back to before the log was read to its end last, where it can't be read on from the mark; and to now
// where that is too long ago for the log.
func (s *Service) beginAnew(ctx context.Context, log idp.AccountLog, read *store.AccountLog) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		kept := *read
		kept.Since = u.At
		if read.After != "" {
			kept.Since, kept.After = read.Read.Add(-silentFor-log.LogDelay()), ""
		}
		return store.PutAccountLog(u.Tx, &kept)
	})
}

// silent tells IT of a log that couldn't be read for long.
func (s *Service) silent(ctx context.Context, d idp.Directory, read store.AccountLog, cause error) error {
	if s.alarm == nil || s.units.Now().Sub(read.Read) < silentFor {
		return cause
	}
	said := people.DirectoryFailure(d, "Read the log of "+d.ID(), cause)
	return errors.Join(cause, s.units.Update(ctx, func(u *engine.Unit) error {
		return s.alarm(u, "accountlog/"+d.ID(), "The log of "+d.ID()+" can't be read",
			fmt.Sprintf("%v.", access.Classify(said).Sentence),
			"Until it can, who joins, moves or leaves is noticed by the calendar only (schedules in the configuration). Nothing ends later because of it.")
	}))
}
