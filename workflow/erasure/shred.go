package erasure

import (
	"context"
	"errors"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// ShredTask takes what was erased out of the store's files, where somebody stood in the way.
const ShredTask = "erasure.shred"

const (
	shredTimeout = 30 * time.Minute
	shredAgain   = 6 * time.Hour // once somebody was told
)

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{ShredTask: {Do: s.shred, Restarts: true, Timeout: shredTimeout}}
}

// Failures are the room's lines in the table of failure policies: it is never given up.
func Failures(visible engine.Policy) map[string]engine.Policy {
	return map[string]engine.Policy{ShredTask: {Parking: engine.ParkSlow, Backoff: time.Hour, Slow: shredAgain, Tell: visible.Tell, Recovered: visible.Recovered}}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{ShredTask: func(store.Tx, store.Task) string { return "take what was erased out of the store's files" }}
}

// shredded has what was erased overwritten, and says what couldn't be for now.
func (s *Service) shredded(ctx context.Context) (left string, err error) {
	err = s.units.Shred(ctx)
	if !errors.Is(err, store.ErrOutstanding) {
		return "", err
	}
	left = why(err)
	return left, s.units.Update(ctx, func(u *engine.Unit) error {
		_, err := u.Enqueue(store.Task{ID: ShredTask, Queue: engine.HouseQueue, Kind: ShredTask, Priority: store.Notices})
		return err
	})
}

func (s *Service) shred(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	err := s.units.Shred(ctx)
	if errors.Is(err, store.ErrOutstanding) {
		err = &access.Failure{Class: access.Transient, Sentence: "What was erased is read by nobody any more, but bytes of it are still in the store's files: " + why(err), Err: err}
	}
	return nil, err
}

func why(err error) string { return strings.TrimPrefix(err.Error(), store.ErrOutstanding.Error()+": ") }
