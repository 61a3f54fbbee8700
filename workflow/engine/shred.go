package engine

import (
	"context"

	"latchkey/store"
)

// Shred overwrites what is left of what was erased, where the store keeps such bytes
// for a while: see store.Shredder.
func (s *Units) Shred(ctx context.Context) error {
	if sh, ok := s.store.(store.Shredder); ok {
		return sh.Shred(ctx)
	}
	return nil
}
