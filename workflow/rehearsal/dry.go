package rehearsal

import (
	"context"
	"errors"

	"latchkey/store"
)

// Dry is a store in which nothing changes: whoever writes sees what they wrote until they are done, and nobody
// else ever does.
func Dry(s store.Store) store.Store { return dry{s} }

type dry struct{ store.Store }

// errDry ends a transaction that would have been committed.
var errDry = errors.New("rehearsal: nothing is written")

// Update implements store.Store.
func (d dry) Update(ctx context.Context, fn func(store.Tx) error) error {
	err := d.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}

// Close does nothing: the store is somebody else's.
func (dry) Close() error { return nil }
