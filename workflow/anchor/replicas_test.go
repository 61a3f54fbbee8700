package anchor_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/anchor"
	"latchkey/workflow/engine"
)

// beside is another replica on the same store. It has compared it, and found nothing.
func (w *world) beside() *world {
	w.Helper()
	other := *w
	other.room = new(anchor.Service)
	other.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "other", Frozen: other.room.Frozen})
	places := w.more
	places.Issues, places.Archive, places.Channel = w.board, w.board, channel{w.board}
	other.room.Furnish(anchor.Config{Units: other.units, Clock: w.clock, Sign: w.keys.Signer.Sign, Trust: func() note.Trust { return w.keys.Trust }, Places: places})
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
