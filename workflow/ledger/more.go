package ledger

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// moreToTell tells whether an issue is about to be told of an event that came after another one.
func moreToTell(ctx context.Context, units *engine.Units, c access.Case, than access.Event) (more bool, err error) {
	err = units.View(ctx, func(tx store.Tx) error {
		for _, e := range c.Story {
			if e.N <= than.N {
				continue
			}
			_, err := tx.Task(RecordID(e))
			if more = err == nil; more || !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	return more, err
}
