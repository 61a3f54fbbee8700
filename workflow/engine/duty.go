package engine

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// dutyTimeout bounds one turn of a duty. Its calls to vendors wait for their
// limits, so a big company takes its time.
const dutyTimeout = 30 * time.Minute

type dutyPayload struct{ Name string }

// turn is the handler of DutyTask. Of several processes the one that claimed the
// task does it; the lease outlasts the claim for as long as the turn goes on, and
// fences everything that is written in it.
func (s *schedule) turn(ctx context.Context, t store.Task) (Outcome, error) {
	p, err := ReadPayload[dutyPayload](t)
	if err != nil {
		return nil, err
	}
	duty, known := s.duties[p.Name]
	if !known {
		return nil, s.units.unknown("the duty", p.Name)
	}
	if s.units.store.Exclusive() {
		return duty.Do(ctx, t) // nobody else can have it
	}
	leased, err := s.units.Lease(ctx, t.ID, claimFor)
	if err != nil {
		return nil, err
	}
	done, err := s.units.renewing(leased, t.ID, func(ctx context.Context) (Outcome, error) { return duty.Do(ctx, t) })
	if err != nil {
		s.units.giveUp(leased, t.ID)
		return nil, err
	}
	return func(u *Unit) error { return s.units.lastUnder(leased, u, t.ID, done) }, nil
}

// lastUnder records the outcome of a turn and gives its lease back.
func (s *Units) lastUnder(leased context.Context, u *Unit, name string, done Outcome) error {
	if err := guard(leased, u.Tx); err != nil {
		return err
	}
	if _, _, err := u.Tx.Lease(name, s.owner, u.At, u.At); err != nil || done == nil {
		return err
	}
	return done(u)
}

// giveUp lets others have a lease at once. If that fails it runs out by itself.
func (s *Units) giveUp(leased context.Context, name string) {
	err := s.Update(context.WithoutCancel(leased), func(u *Unit) error { return s.lastUnder(leased, u, name, nil) })
	if err != nil && !errors.Is(err, store.ErrFenced) {
		s.log.Warn("a lease could not be given back; it runs out by itself", "lease", name, "error", err)
	}
}

// renewing runs do and renews the lease meanwhile. Once it can't be renewed any
// more, the context ends.
func (s *Units) renewing(leased context.Context, name string, do func(context.Context) (Outcome, error)) (Outcome, error) {
	ctx, cancel := context.WithCancelCause(leased)
	over := make(chan struct{})
	go func() {
		defer close(over)
		s.renew(ctx, cancel, name)
	}()
	defer func() {
		cancel(nil)
		<-over
	}()
	done, err := do(ctx)
	if cause := context.Cause(ctx); errors.Is(cause, store.ErrFenced) {
		err = cause
	}
	return done, err
}

// renew goes on until ctx ends. A renewal that only failed is tried again: as
// long as nobody has taken the lease, its holder may go on.
func (s *Units) renew(ctx context.Context, cancel context.CancelCauseFunc, name string) {
	for ctx.Err() == nil {
		due, stop := s.clock.Until(s.Now().Add(claimFor / 3))
		select {
		case <-due:
			_, err := s.Lease(ctx, name, claimFor)
			switch {
			case err == nil, ctx.Err() != nil:
			case errors.Is(err, store.ErrFenced), access.Classify(err).Class == access.Limited:
				cancel(errors.Join(store.ErrFenced, err))
			default:
				s.log.Warn("a lease could not be renewed", "lease", name, "error", err)
			}
		case <-ctx.Done():
		}
		stop()
	}
}
