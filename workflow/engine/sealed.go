package engine

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// sealedWait bounds how long an attempt waits for places in the log.
	sealedWait = 20 * time.Second
	// unsealedAgain is how soon a task is tried again that waited for nothing.
	unsealedAgain = 15 * time.Second
)

// Sealed waits until all that was written before has its place in the log, where that
// takes a moment: what is told outside is in the log for good. Whoever takes access away
// never calls it.
func (s *Units) Sealed(ctx context.Context) error {
	later, ok := s.store.(store.Sealer)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sealedWait)
	defer cancel()
	if err := later.Sealed(ctx); err != nil {
		return &access.Failure{Class: access.Limited, After: unsealedAgain, Sentence: "The newest events wait for their places in the log, and nothing is told of them before", Err: err}
	}
	return nil
}
