package query

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// Paused is the pause of new access, if one is on at this moment; the zero one
// otherwise. It asks nobody but the store.
func (s *Service) Paused(ctx context.Context) (p access.Pause, err error) {
	now := s.units.Now()
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, err = store.Pause(tx)
		return err
	})
	if err != nil || !p.On(now) {
		return access.Pause{}, err
	}
	return p, nil
}
