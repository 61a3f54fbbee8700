package engine

import (
	"context"
	"errors"
	"time"
)

// renewAgain is how soon a renewal that failed is tried again.
const renewAgain = 15 * time.Second

// renewal keeps what this process holds for some time only, a claim or a lease, for as long as
// work under it goes on.
type renewal struct {
	units *Units
	what  string
	every time.Duration
	again func(context.Context) error
	lost  error // what again fails with once somebody else has it
}

// during runs do and renews meanwhile. Once somebody else has what was held, the context ends,
// and its cause is what comes of it.
func (r renewal) during(held context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(held)
	over := make(chan struct{})
	go func() {
		defer close(over)
		r.goOn(ctx, cancel)
	}()
	defer func() {
		cancel(nil)
		<-over
	}()
	err := do(ctx)
	if cause := context.Cause(ctx); errors.Is(cause, r.lost) {
		err = cause
	}
	return err
}

// goOn renews until ctx ends. A renewal that only failed is tried again: as long as nobody has
// taken what is held, its holder may go on.
func (r renewal) goOn(ctx context.Context, cancel context.CancelCauseFunc) {
	for next := r.every; ctx.Err() == nil; {
		due, stop := r.units.clock.Until(r.units.Now().Add(next))
		select {
		case <-due:
			next = r.once(ctx, cancel)
		case <-ctx.Done():
		}
		stop()
	}
}

// once renews, and says in how long it is to be done again.
func (r renewal) once(ctx context.Context, cancel context.CancelCauseFunc) (next time.Duration) {
	err := r.again(ctx)
	switch {
	case err == nil, ctx.Err() != nil:
		return r.every
	case errors.Is(err, r.lost):
		cancel(err)
	default:
		r.units.log.Warn("what is under way can't be held any longer yet; it is tried again", "what", r.what, "error", err)
	}
	return min(r.every, renewAgain)
}
