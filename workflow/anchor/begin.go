package anchor

import (
	"context"
	"errors"
	"time"

	"latchkey/store"
)

// lookTime bounds how long the start of a store waits for what is anchored that was put in
// the place of a newer one.
const lookTime = 10 * time.Second

// Begin comes before anything is worked on. It waits for nobody: what is due ends at once,
// and additions wait until Run has compared the store. But where this machine knows that
// an older store was put in the place of a newer one, some of it may be due only because
// it is old, so the comparison comes first, unless Jira is silent.
func (s *Service) Begin(ctx context.Context) error {
	if err := s.recall(ctx); err != nil || s.outside.archive == nil {
		return err
	}
	back, err := s.putBack(ctx)
	if err != nil || !back {
		return err
	}
	within, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if err := errors.Join(s.Look(within), s.changed(within)); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "the store can't be compared with all that Jira has of it; additions wait until it can be with what is anchored", "error", err)
	}
	return nil
}

// putBack tells whether the store is known to be a copy of what was there once.
func (s *Service) putBack(ctx context.Context) (back bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		back = s.replaced
		for _, cause := range []string{store.QuarantineRestored, store.QuarantineOlder} {
			_, err := store.LoadQuarantine(tx, cause)
			if orAbsent(err) != nil {
				return err
			}
			back = back || err == nil
		}
		return nil
	})
	return back, err
}
