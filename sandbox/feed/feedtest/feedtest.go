// Package feedtest checks that a world can be read and followed without missing
// anything: the suite that every emulated world passes.
package feedtest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"

	"latchkey/sandbox/feed"
)

// World is what the suite needs of an emulated world: one kind of thing that can be
// made and unmade.
type World struct {
	// Make makes a thing; Unmake unmakes it, given what Make returned. Both are
	// called from several goroutines.
	Make   func(t *testing.T) string
	Unmake func(t *testing.T, id string)
	// Snapshot copies the world and returns its number and what things are in it.
	Snapshot func() (seq uint64, ids []string)
	Follow   func(ctx context.Context, after uint64) iter.Seq2[feed.Change, error]
	// Made and Unmade are the kinds of the changes.
	Made, Unmade string
}

// Run lets several goroutines make and unmake things while others copy the world.
// Each copy, brought up to date with the changes that follow it, is the same as
// the world in the end.
func Run(t *testing.T, w World) {
	t.Helper()
	const writers, each, readers, copies = 4, 60, 3, 20
	var work sync.WaitGroup
	for range writers {
		work.Go(func() {
			for i := range each {
				if id := w.Make(t); i%3 == 0 {
					w.Unmake(t, id)
				}
			}
		})
	}
	taken := make(chan snapshot, readers*copies)
	for range readers {
		work.Go(func() {
			for range copies {
				taken <- w.snapshot()
			}
		})
	}
	work.Wait()
	close(taken)
	last := w.snapshot()
	for s := range taken {
		w.catchUp(t, s, last.seq)
		if !maps.Equal(s.things, last.things) {
			t.Fatalf("a copy taken after change %d does not lead to the world as it is: %d things, want %d", s.seq, len(s.things), len(last.things))
		}
	}
}

type snapshot struct {
	seq    uint64
	things map[string]bool
}

func (w World) snapshot() snapshot {
	seq, ids := w.Snapshot()
	s := snapshot{seq, map[string]bool{}}
	for _, id := range ids {
		s.things[id] = true
	}
	return s
}

// catchUp applies to a snapshot every change up to a number, each once and in
// order.
func (w World) catchUp(t *testing.T, s snapshot, last uint64) {
	t.Helper()
	if s.seq == last {
		return
	}
	next := s.seq + 1
	for c, err := range w.Follow(t.Context(), s.seq) {
		if err != nil || c.Seq != next {
			t.Fatalf("got change %d (%v), want %d", c.Seq, err, next)
		}
		switch c.Kind {
		case w.Made:
			if s.things[c.Subject] {
				t.Fatalf("change %d: %s was there already", c.Seq, c.Subject)
			}
			s.things[c.Subject] = true
		case w.Unmade:
			if !s.things[c.Subject] {
				t.Fatalf("change %d: %s was not there", c.Seq, c.Subject)
			}
			delete(s.things, c.Subject)
		}
		if next++; c.Seq == last {
			return
		}
	}
}

// Kinds follows the world while do runs and returns what kinds of changes it made,
// in order.
func Kinds(t *testing.T, w World, do func()) []string {
	t.Helper()
	first, _ := w.Snapshot()
	do()
	last, _ := w.Snapshot()
	var kinds []string
	if first == last {
		return kinds
	}
	for c, err := range w.Follow(t.Context(), first) {
		if err != nil {
			t.Fatal(err)
		}
		if kinds = append(kinds, c.Kind); c.Seq == last {
			break
		}
	}
	return slices.Compact(kinds)
}
