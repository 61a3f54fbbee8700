package erasure_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/erasure"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// held is a store whose files somebody holds on to.
type held struct {
	store.Store
	by error
}

func (h *held) Shred(context.Context) error { return h.by }

// Where somebody stands in the way of overwriting, the erasure is done all the same. It says what is left, which is tried again
// until it is done.
func TestWhatCantBeOverwrittenIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	h := &held{w.store, fmt.Errorf("%w: latchkey_event_1: somebody has been looking", store.ErrOutstanding)}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: h, Clock: w.clock, Owner: "test"})
	s := erasure.New(erasure.Config{Units: w.units, People: people.New(people.Config{Units: w.units, Roster: peopletest.Members{}})})
	done, err := s.Erase(t.Context(), maya, w.clock.Now(), terminal())
	if err != nil || done.Outstanding != "latchkey_event_1: somebody has been looking" {
		t.Fatalf("outstanding: %q, %v", done.Outstanding, err)
	}
	var task store.Task
	w.view(func(tx store.Tx) (err error) {
		task, err = tx.Task(erasure.ShredTask)
		return err
	})
	do := s.Handlers()[task.Kind].Do
	if _, err := do(t.Context(), task); !errors.Is(err, store.ErrOutstanding) || !strings.Contains(access.Classify(err).Sentence, "somebody has been looking") {
		t.Errorf("tried again: %v", err)
	}
	h.by = nil
	if _, err := do(t.Context(), task); err != nil {
		t.Errorf("once nobody looks: %v", err)
	}
	h.by = errors.New("no database")
	if _, err := s.Erase(t.Context(), maya, w.clock.Now(), terminal()); !errors.Is(err, h.by) {
		t.Errorf("without a database: %v", err)
	}
}
