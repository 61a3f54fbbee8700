package storetest

import (
	"context"
	"errors"

	"latchkey/store"
)

// Twice is a store that runs the function of every update twice: once in a
// transaction that is thrown away, once for good. The contract allows it, and a
// back end that shares its database with others does it often. Whoever writes to
// a store is tried with Twice: what they keep between the runs shows.
func Twice(s store.Store) store.Store { return twice{s} }

type twice struct{ store.Store }

// errRehearsed ends the first run.
var errRehearsed = errors.New("storetest: once more")

// Update implements store.Store. The function's outcome is that of the second run.
func (s twice) Update(ctx context.Context, fn func(store.Tx) error) error {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, store.ErrClosed) {
		return err
	}
	return s.Store.Update(ctx, fn)
}

// again is the backend with every update run twice.
func (b Backend) again() Backend {
	b.Store = Twice(b.Store)
	return b
}
