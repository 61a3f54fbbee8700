package engine

import (
	"context"

	"latchkey/store"
)

// fence is the lease that units under a context are written for.
type fence struct {
	name  string
	token uint64
}

type fenceKey struct{}

// guard lets nothing be written for a lease that is somebody else's by now.
func guard(ctx context.Context, tx store.Tx) error {
	f, fenced := ctx.Value(fenceKey{}).(fence)
	if !fenced {
		return nil
	}
	return tx.Guard(f.name, f.token)
}
