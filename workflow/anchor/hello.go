package anchor

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// Hello tells why the log does not stand as it should; nil if it does. While it
// doesn't, it is compared anew.
func (s *Service) Hello(ctx context.Context) error {
	var looked error
	if s.Compared() != nil || s.held(ctx) {
		looked = s.Look(ctx)
	}
	var held []store.Quarantine
	err := s.units.View(ctx, func(tx store.Tx) error {
		held = nil
		for _, cause := range causes() {
			h, err := store.LoadQuarantine(tx, cause)
			switch {
			case err == nil:
				held = append(held, h)
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(held) > 0:
		can := remedies(held[0])
		return &access.Failure{Class: access.Rejected, Sentence: held[0].Why + " " + can[len(can)-1]}
	}
	return looked
}
