package engine

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Lease takes or renews the right to do something that only one process may do,
// for some time. The context it returns fences every unit under it: once another
// process has the lease, they fail with store.ErrFenced. If another process
// holds it now, the failure says so and asks to wait. Where only one process can
// have the store open there is nobody to keep out, and nothing is written.
func (s *Units) Lease(ctx context.Context, name string, long time.Duration) (context.Context, error) {
	if s.store.Exclusive() {
		return ctx, nil
	}
	var token uint64
	err := s.store.Update(ctx, func(tx store.Tx) (err error) {
		token, err = s.lease(ctx, tx, name, long)
		return err
	})
	if err != nil {
		return ctx, fmt.Errorf("lease %s: %w", name, err)
	}
	return context.WithValue(ctx, fenceKey{}, fence{name, token}), nil
}

func (s *Units) lease(ctx context.Context, tx store.Tx, name string, long time.Duration) (uint64, error) {
	now := s.Now()
	token, granted, err := tx.Lease(name, s.owner, now, now.Add(long))
	if err != nil {
		return 0, err
	}
	if !granted {
		return 0, &access.Failure{Class: access.Limited, After: long, Sentence: "Another process is at it"}
	}
	if old, renews := ctx.Value(fenceKey{}).(fence); renews && old.name == name && old.token != token {
		return 0, store.ErrFenced // it ran out, so what was begun under it is over
	}
	return token, nil
}
