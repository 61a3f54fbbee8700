package app

import (
	"context"

	"latchkey/store"
)

// names keeps what things in one service have for ids. It is a site.KnownIDs.
type names struct {
	store   store.Store
	service string
}

// Recall gives what was remembered last.
func (n names) Recall(ctx context.Context) (ids map[string]string, err error) {
	err = n.store.View(ctx, func(tx store.Tx) error {
		kept, err := store.LoadNames(tx, n.service)
		ids = kept.IDs
		return err
	})
	return ids, err
}

// Remember keeps ids in the place of those before.
func (n names) Remember(ctx context.Context, ids map[string]string) error {
	return n.store.Update(ctx, func(tx store.Tx) error {
		return store.PutNames(tx, store.Names{Service: n.service, IDs: ids})
	})
}
