package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// planned tells whether a duty has a turn to come.
func (p *process) planned(duty string) bool {
	p.Helper()
	err := p.units.View(context.Background(), func(tx store.Tx) error {
		_, err := store.LoadDuty(tx, duty)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		p.Fatal(err)
	}
	return err == nil
}

// TestADutyThatNoReplicaListsEnds: it was taken out of the configuration while several were there.
func TestADutyThatNoReplicaListsEnds(t *testing.T) {
	in(t, func(w *world) {
		without := w.tables
		w.duty("review/q4", "@hourly")
		w.tables.Default = w.told()
		old, a, _ := w.mixed(without)
		b := w.process("b", newClock())
		old.start().stop()
		a.start()
		b.start()
		together(4*time.Hour, a, b)
		if a.planned("review/q4") {
			t.Error("it has turns for ever")
		}
		a.state("duty/review/q4", "")
		if said := a.story(); said != "" {
			t.Errorf("told %q", said)
		}
	})
}

// TestADutyThatOneReplicaListsHasItsTurns, however many others don't.
func TestADutyThatOneReplicaListsHasItsTurns(t *testing.T) {
	in(t, func(w *world) {
		without := w.tables
		w.duty("review/q4", "@hourly")
		old, a, _ := w.mixed(without)
		b := w.process("b", newClock())
		old.start()
		a.start()
		b.start()
		together(12*time.Hour+10*time.Minute, old, a, b)
		if n := old.turns("review/q4"); n != 12 || !old.planned("review/q4") {
			t.Errorf("%d turns in twelve hours", n)
		}
	})
}

// orphaned makes replicas of which those called "knows" work on the queue "gone"; the others' tasks of it fail.
func (w *world) orphaned(names ...string) (all []*process) {
	w.tables.Default = w.told()
	for i, name := range names {
		var outcome error = &access.Failure{Class: access.Rejected, Sentence: "It is not configured any more"}
		w.config.Queues = map[string]int{"q": 4}
		if name == "knows" {
			outcome = nil
			w.config.Queues["gone"] = 1
		}
		w.tables.Handlers = map[string]engine.Handler{"work": {Do: func(context.Context, store.Task) (engine.Outcome, error) {
			w.note("%s", name)
			return nil, outcome
		}}}
		all = append(all, w.process(fmt.Sprint(name, i), newClock()))
	}
	return all
}

// TestTasksOfAQueueThatNoReplicaWorksOnAreShown, once that is certain.
func TestTasksOfAQueueThatNoReplicaWorksOnAreShown(t *testing.T) {
	in(t, func(w *world) {
		w.store = shared{w.store}
		all := w.orphaned("without", "without")
		a, b := all[0].start(), all[1].start()
		a.enqueue(store.Task{ID: "1", Kind: "work", Queue: "gone"}, store.Task{ID: "2", Kind: "work", Queue: "gone"})
		together(9*time.Minute, a, b)
		w.expect()
		together(15*time.Minute, a, b)
		a.state("1", store.Stuck)
		a.state("2", store.Stuck)
		w.expect("without", "without")
		a.enqueue(store.Task{ID: "3", Kind: "work", Queue: "gone"})
		together(30*time.Minute, a, b)
		a.state("3", store.Stuck)
	})
}

// TestAQueueThatOneReplicaWorksOnIsLeftToIt, and given back to one that comes later.
func TestAQueueThatOneReplicaWorksOnIsLeftToIt(t *testing.T) {
	in(t, func(w *world) {
		w.store = shared{w.store}
		all := w.orphaned("without", "knows", "without", "knows")
		a, knows, b, late := all[0].start(), all[1].start(), all[2].start(), all[3]
		for range 6 {
			a.enqueue(store.Task{ID: "1", Kind: "work", Queue: "gone"})
			together(20*time.Minute, a, knows, b)
			w.expect("knows")
		}
		knows.stop()
		a.enqueue(store.Task{ID: "1", Kind: "work", Queue: "gone"})
		together(30*time.Minute, a, b)
		w.expect("without") // it hasn't been there for half an hour
		late.clock.Set(a.clock.Now())
		late.start()
		together(15*time.Minute, a, b, late)
		for range 6 {
			a.enqueue(store.Task{ID: "2", Kind: "work", Queue: "gone"})
			together(20*time.Minute, a, b, late)
			w.expect("knows")
		}
	})
}
