package ledger

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// lookAgain is when it is looked again whether a quarantine is over.
const lookAgain = time.Minute

// mayBeOlder has what is to be written on an issue wait while new access is held back,
// if the issue is from before the quarantine: it may know more than this store, and what it
// carries would be overwritten by less. Nothing but the record waits for that.
func mayBeOlder(ctx context.Context, units *engine.Units, request string) error {
	return units.View(ctx, func(tx store.Tx) error {
		paused, held, err := store.PausedBy(tx, units.Now())
		if err != nil || !held || !paused.Until.IsZero() {
			return err
		}
		r, err := store.Request(tx, request)
		if errors.Is(err, store.ErrNotFound) || err == nil && !r.Created.Before(paused.Since) {
			return nil
		}
		if err != nil {
			return err
		}
		issue := "The issue " + r.Label()
		if r.Issue.Key == "" {
			issue = "The issue of " + r.Label() + ", if there is one by now,"
		}
		return &access.Failure{Class: access.Limited, After: lookAgain, Sentence: issue + " may know more than this store, so nothing is written there yet: " + paused.Reason}
	})
}
