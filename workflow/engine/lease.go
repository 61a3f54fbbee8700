package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/limit"
	"latchkey/store"
)

// Under does something that only one process may do, under a lease that is renewed for as long
// as it goes on: each holds it for long at a time, and for the rest of that when it is done, so that
// whoever does it regularly goes on with it. While another process holds it, mine is false and nothing is
// done. Units under the context are fenced, as those of Lease, and so are calls that change something;
// once another process has the lease, the context ends.
func (s *Units) Under(ctx context.Context, name string, long time.Duration, do func(context.Context) error) (mine bool, err error) {
	leased, err := s.Lease(ctx, name, long)
	switch {
	case err != nil && access.Classify(err).Class == access.Limited:
		return false, nil
	case err != nil:
		return false, err
	case s.store.Exclusive():
		return true, do(ctx)
	}
	return true, s.renewing(leased, name, long).during(s.fenced(leased), do)
}

// renewing keeps a lease.
func (s *Units) renewing(leased context.Context, name string, long time.Duration) renewal {
	again := func(ctx context.Context) error {
		_, err := s.Lease(ctx, name, long)
		if err != nil && access.Classify(err).Class == access.Limited {
			return errors.Join(store.ErrFenced, err)
		}
		return err
	}
	return renewal{units: s, what: "the lease " + name, every: long / 3, again: again, lost: store.ErrFenced}
}

// fenced has calls under a lease ask whether it is still this process's.
func (s *Units) fenced(leased context.Context) context.Context {
	seen := &lately{units: s, seen: s.Now()}
	return limit.Fenced(leased, func(ctx context.Context) error {
		return seen.sure(func() error { return s.View(ctx, func(tx store.Tx) error { return guard(leased, tx) }) })
	})
}

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

// Replica is this process among those that share the store; "" where only one can have it open.
func (s *Units) Replica() string {
	if s.store.Exclusive() {
		return ""
	}
	return s.owner
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
