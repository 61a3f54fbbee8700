package query

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// Paused is the pause of new access, if one is on at this moment, or what holds new
// access back, which has no end of its own; the zero one otherwise. It asks nobody but
// the store.
func (s *Service) Paused(ctx context.Context) (p access.Pause, err error) {
	now, held := s.units.Now(), false
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, held, err = store.PausedBy(tx, now)
		return err
	})
	if err != nil || !held {
		return access.Pause{}, err
	}
	return p, nil
}
