package snapshot

import (
	"context"
	"errors"
	"fmt"

	"latchkey/store"
)

// errEnding: the deletion of a snapshot was begun and has not come to its end.
var errEnding = errors.New("the snapshot is being deleted")

// deletedAtOnce is how many pages are deleted in one transaction.
const deletedAtOnce = 256

// Delete deletes the snapshot of a campaign, finished or not. From the first moment on
// nothing can be read of it any more; where it is interrupted, a second Delete, or Begin,
// goes on. To delete none is nothing.
func Delete(ctx context.Context, s store.Store, campaign string) error {
	if err := named(campaign); err != nil {
		return err
	}
	err := s.Update(ctx, func(tx store.Tx) error {
		r, err := tx.Get(kindSnapshot, campaign)
		if err != nil {
			return err
		}
		ending := newPage(campaign, 0, endPage, nil, nil).record(campaign)
		ending.Version = r.Version
		_, err = tx.Put(ending)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	for more := true; more && err == nil; {
		more, err = deleteSome(ctx, s, campaign)
	}
	if err != nil {
		return fmt.Errorf("delete the snapshot of %s: %w", campaign, err)
	}
	return nil
}

// deleteSome deletes pages, and what stands for the snapshot with the last of them.
func deleteSome(ctx context.Context, s store.Store, campaign string) (more bool, err error) {
	err = s.Update(ctx, func(tx store.Tx) error {
		ids, err := tx.IDs(kindPage, "", campaign+"/", deletedAtOnce)
		if err != nil {
			return err
		}
		more = len(ids) == deletedAtOnce
		for i, id := range ids {
			if _, own := pageNumber(campaign, id); !own {
				more, ids = false, ids[:i]
				break
			}
		}
		if err := drop(tx, ids); err != nil || more {
			return err
		}
		return tx.Delete(kindSnapshot, campaign)
	})
	return more, err
}
