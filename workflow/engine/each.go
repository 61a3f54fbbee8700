package engine

import (
	"context"
	"errors"
	"fmt"

	"latchkey/store"
)

// Each does something to many records, all of them in one unit if that works. If
// not it is tried with each half, until what fails, or panics, stands alone: that
// is returned and keeps nothing else from being done. An error is that nothing
// more can be done at all.
func (s *Units) Each(ctx context.Context, ids []string, do func(u *Unit, id string) error) (failed []error, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = Caught("work on "+ids[0], func() error {
		return s.Update(ctx, func(u *Unit) error {
			for _, id := range ids {
				if err := do(u, id); err != nil {
					return fmt.Errorf("%s: %w", id, err)
				}
			}
			return nil
		})
	})
	switch {
	case err == nil:
		return nil, nil
	case ctx.Err() != nil, store.Rests(err), errors.Is(err, store.ErrFenced):
		return nil, err
	case len(ids) == 1:
		return []error{err}, nil
	}
	half := len(ids) / 2
	if failed, err = s.Each(ctx, ids[:half], do); err != nil {
		return failed, err
	}
	rest, err := s.Each(ctx, ids[half:], do)
	return append(failed, rest...), err
}
