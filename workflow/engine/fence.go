package engine

import (
	"context"
	"errors"
	"fmt"

	"latchkey/store"
)

// fence is the lease that units under a context are written for.
type fence struct {
	name  string
	token uint64
}

type fenceKey struct{}

// claimKey is under which a context has the task that units under it are written for.
type claimKey struct{}

// guard lets nothing be written for a lease, or a task, that is somebody else's by now.
func guard(ctx context.Context, tx store.Tx) error {
	if t, claimed := ctx.Value(claimKey{}).(store.Task); claimed {
		if err := mine(tx, t); err != nil {
			return err
		}
	}
	return guardLease(ctx, tx)
}

// guardLease lets nothing be written for a lease that is somebody else's by now.
func guardLease(ctx context.Context, tx store.Tx) error {
	f, fenced := ctx.Value(fenceKey{}).(fence)
	if !fenced {
		return nil
	}
	return tx.Guard(f.name, f.token)
}

// errLost: another process took the task over, because the claim ran out. Nothing is
// written for it here any more.
var errLost = fmt.Errorf("the task was taken over: %w", store.ErrFenced)

// mine refuses to go on with a task that another process took over: it is at it
// now, or has ended it. One whose claim ran out and that nobody took is still
// this process's.
func mine(tx store.Tx, t store.Task) error {
	now, err := tx.Task(t.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errLost
	case err != nil:
		return err
	case now.Seq != t.Seq, now.State == store.Claimed && now.Owner != t.Owner:
		return errLost
	}
	return nil
}
