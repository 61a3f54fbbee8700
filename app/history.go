package app

import (
	"context"

	"latchkey/store"
)

func hasHistory(ctx context.Context, s store.Store) (yes bool, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		size, err := tx.Size()
		yes = size > 0
		return err
	})
	return yes, err
}
