package anchor_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/anchor"
	"latchkey/workflow/engine"
)

// beside is another replica on the same store. It has compared it, and found nothing.
func (w *world) beside(change ...func(*anchor.Config)) *world {
	w.Helper()
	other := *w
	other.room = new(anchor.Service)
	other.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "other", Frozen: other.room.Frozen})
	places := w.more
	places.Issues, places.Archive, places.Channel = w.board, w.board, channel{w.board}
	config := anchor.Config{Units: other.units, Clock: w.clock, Sign: w.keys.Signer.Sign, Trust: func() note.Trust { return w.keys.Trust }, Places: places}
	for _, c := range change {
		c(&config)
	}
	other.room.Furnish(config)
	if err := other.room.Look(w.Context()); err != nil {
		w.Fatal(err)
	}
	return &other
}

// TestWhatSpeaksAgainstTheLogStopsEveryReplicaAtOnce, whichever found it; and so does what lets them go on.
func TestWhatSpeaksAgainstTheLogStopsEveryReplicaAtOnce(t *testing.T) {
	w := newWorld(t)
	w.known("AR-1")
	other := w.beside()
	may := func(when string, record, goOn bool) {
		t.Helper()
		for name, r := range map[string]*world{"the one that found it": w, "another one": other} {
			if err := r.room.MayRecord(t.Context()); (err == nil) != record {
				t.Errorf("%s, %s: writing into Jira: %v", when, name, err)
			}
			if _, err := r.tryHappen("AR-1"); (err == nil) != goOn {
				t.Errorf("%s, %s: going on with the story: %v", when, name, err)
			}
			if _, err := r.tryHappen("AR-2"); err != nil {
				t.Errorf("%s, %s: another story: %v", when, name, err)
			}
		}
	}
	may("before", true, true)
	about := access.RequestSubject("AR-1")
	ahead := store.Ahead{Subject: about, N: 9, Place: access.Issue{ID: "1", Key: "IT-1"}}
	if err := w.room.Ahead(t.Context(), ahead, uint64(w.clock.Now().Add(time.Hour).UnixMilli())); err != nil {
		t.Fatal(err)
	}
	may("a twin was seen", false, false)
	err := w.store.Update(t.Context(), func(tx store.Tx) error {
		if err := store.DropAhead(tx, about); err != nil {
			return err
		}
		return store.DropQuarantine(tx, store.QuarantineTwin)
	})
	if err != nil {
		t.Fatal(err)
	}
	may("it is settled", true, true)
}

// TestAStoreThatWasSetBackIsComparedBeforeAnybodyIsAdded, and before anything more is written into Jira, by each replica that found it.
func TestAStoreThatWasSetBackIsComparedBeforeAnybodyIsAdded(t *testing.T) {
	var back atomic.Pointer[store.SetBack]
	back.Store(&store.SetBack{})
	surveyed := 0
	w := newWorld(t)
	w.known("AR-1")
	r := w.beside(func(c *anchor.Config) {
		c.SetBack = func() store.SetBack { return *back.Load() }
		c.Survey = func(context.Context) error { surveyed++; return w.board.down }
	})
	holds := func(when string, want bool) {
		t.Helper()
		for what, err := range map[string]error{"adding": r.room.Compared(), "writing into Jira": r.room.MayRecord(t.Context())} {
			if (err != nil) != want || want && access.Classify(err).Class != access.Limited {
				t.Errorf("%s, %s: %v", when, what, err)
			}
		}
	}
	holds("before", false)
	for times, lacks := range []bool{false, true, true} {
		back.Store(&store.SetBack{Times: uint64(times + 1), Lacks: lacks})
		holds("it was set back", true)
		w.board.down = &access.Failure{Class: access.Transient, Sentence: "Jira is down"}
		if r.room.Look(t.Context()) == nil {
			t.Error("without Jira it is compared")
		}
		holds("Jira is silent", true)
		w.board.down = nil
		if err := r.room.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		holds("it was compared", false)
		if told := strings.Contains(w.told(), "The database was set back"); told != lacks || surveyed != 2*(times+1) {
			t.Errorf("set back for the %d. time: IT was told: %t; what Jira has more of was looked for %d times", times+1, told, surveyed)
		}
	}
}

// TestAReplicaLooksAtOnceWhetherJiraHasMoreThanAStoreThatWasSetBack: what it finds holds all of them.
func TestAReplicaLooksAtOnceWhetherJiraHasMoreThanAStoreThatWasSetBack(t *testing.T) {
	var back atomic.Pointer[store.SetBack]
	back.Store(&store.SetBack{})
	w := newWorld(t)
	w.known("AR-1")
	w.store = sharing{w.store}
	var r *world
	found := make(chan error, 1)
	r = w.beside(func(c *anchor.Config) {
		c.SetBack = func() store.SetBack { return *back.Load() }
		c.Survey = func(ctx context.Context) error {
			err := r.room.Ahead(ctx, store.Ahead{Subject: access.RequestSubject("AR-1"), N: 9, Place: access.Issue{ID: "1", Key: "IT-1"}}, 0)
			found <- err
			return err
		}
	})
	ctx, end := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); r.room.Follow(ctx) }()
	back.Store(&store.SetBack{Times: 1, Lacks: true})
	if err := w.store.Update(t.Context(), func(tx store.Tx) error { return tx.Notify("set back") }); err != nil { // as a store wakes everybody
		t.Fatal(err)
	}
	if err := <-found; err != nil {
		t.Fatal(err)
	}
	end()
	<-over
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) {
		t.Errorf("quarantines %q", w.quarantines())
	}
	if _, err := w.tryHappen("AR-1"); err == nil {
		t.Error("a story goes on of which Jira has more")
	}
}

// sharing is a store that several processes have open.
type sharing struct{ store.Store }

func (sharing) Exclusive() bool { return false }
