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
	if !s.compared.Load() || s.held(ctx) {
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

// recall takes up what an earlier start, or the comparison, has found.
func (s *Service) recall(ctx context.Context) error {
	held, behind := map[string]bool{}, false
	err := s.units.View(ctx, func(tx store.Tx) error {
		all, _, err := store.Sound(store.Quarantines(tx))
		for _, h := range all {
			held[h.Cause] = true
		}
		if err != nil {
			return err
		}
		ahead, _, err := store.Sound(store.Aheads(tx))
		behind = len(ahead) > 0
		return err
	})
	if err != nil {
		return err
	}
	s.older.Store(held[store.QuarantineOlder] || behind)
	s.barred.Store(held[store.QuarantineFork] || held[store.QuarantineTwin])
	return nil
}
