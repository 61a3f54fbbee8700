package stepup

import (
	"context"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// What asks whether somebody has signed in with a code is in the memory of one process. Where several share the store
// that one says from time to time that it still waits. Once it doesn't, the sign-in is due, and whoever looks first tells
// the person.
const (
	heldFor   = time.Minute
	holdEvery = heldFor / 3
)

// Run says that this process waits for the sign-ins with a code that it does wait for, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	if s.units.Replica() == "" {
		return // nobody else would let go of them
	}
	for ctx.Err() == nil {
		waits, err := s.hold(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "other replicas can't be told that sign-ins are waited for", "error", err)
		}
		s.rest(ctx, waits || err != nil)
	}
}

// rest waits until another sign-in has begun, or until it is to be said again that they are waited for.
func (s *Service) rest(ctx context.Context, again bool) {
	var due <-chan struct{}
	if again {
		next, stop := s.clock.Until(s.units.Now().Add(holdEvery))
		defer stop()
		due = next
	}
	select {
	case <-due:
	case <-s.begun:
	case <-ctx.Done():
	}
}

// hasBegun has Run hear of a sign-in with a code.
func (s *Service) hasBegun() {
	select {
	case s.begun <- struct{}{}:
	default: // it looks already
	}
}

// hold says of all at once that they are waited for, and tells whether there are any.
func (s *Service) hold(ctx context.Context) (waits bool, err error) {
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		waits = false
		all, _, err := store.Sound(store.OpenSignIns(u.Tx))
		if err != nil {
			return err
		}
		for _, in := range all {
			if in.Owner != s.units.Replica() {
				continue
			}
			s.holds(&in, u.At)
			if err := store.PutSignIn(u.Tx, &in); err != nil {
				return err
			}
			waits = true
		}
		return nil
	})
	return waits, err
}

// holds notes in a sign-in that this process waits for it.
func (s *Service) holds(in *store.SignIn, at time.Time) {
	if in.Owner = s.units.Replica(); in.Owner != "" {
		in.Held = at.Add(heldFor)
	}
}
