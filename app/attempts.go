package app

import (
	"context"
	"time"

	"latchkey/jira/issue"
	"latchkey/store"
)

// attempts keep in the store when an issue was tried to be made last: it implements issue.Attempts.
type attempts struct{ store store.Store }

// attemptsIn are those of all who share a store; nil where nobody else can have it open, and each knows by itself.
func attemptsIn(s store.Store) issue.Attempts {
	if s.Exclusive() {
		return nil
	}
	return attempts{s}
}

// Last implements issue.Attempts.
func (a attempts) Last(ctx context.Context, id string) (at time.Time, err error) {
	err = a.store.View(ctx, func(tx store.Tx) error {
		last, err := store.LoadAttempt(tx, id)
		at = last.At
		return err
	})
	return at, err
}

// Begins implements issue.Attempts.
func (a attempts) Begins(ctx context.Context, id string, at time.Time) error {
	return a.store.Update(ctx, func(tx store.Tx) error { return store.PutAttempt(tx, store.Attempt{ID: id, At: at}) })
}

// Resolved implements issue.Attempts.
func (a attempts) Resolved(ctx context.Context, id string) error {
	return a.store.Update(ctx, func(tx store.Tx) error { return store.DropAttempt(tx, id) })
}
