package engine_test

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// company is a shared store on which as many processes work as it says.
type company struct {
	shared
	among *atomic.Int32
}

func (company) Present(string)                {}
func (c company) Attendance() (place, of int) { return 0, int(c.among.Load()) }
func (company) There(string) bool             { return true }

var _ store.Attended = company{}

// mixed makes an older process and a newer one, of two that are there; neither runs yet. tables are those of the newer one.
func (w *world) mixed(newer engine.Tables) (old, young *process, among *atomic.Int32) {
	among = new(atomic.Int32)
	among.Store(2)
	w.store = company{shared{w.store}, among}
	old = w.process("old", newClock())
	w.tables = newer
	return old, w.process("young", newClock()), among
}

// boiling is a due scan that takes pots off the stove, of which an older version can't read those in a newer form.
func boiling(able int) []engine.DueScan {
	return []engine.DueScan{{Kind: "pot", Do: func(u *engine.Unit, id string) error {
		r, err := u.Tx.Get("pot", id)
		if err != nil {
			return err
		}
		if r.Schema > able {
			return &store.Damaged{Kind: "pot", ID: id, Err: store.ErrNewer}
		}
		r.Due = time.Time{}
		_, err = u.Tx.Put(r)
		return err
	}}}
}

// newerPot stores a pot in a form that only a newer version knows.
func (p *process) newerPot(due time.Time) {
	p.Helper()
	p.update(func(u *engine.Unit) error {
		_, err := u.Tx.Put(store.Record{Kind: "pot", ID: "new", Schema: 2, Body: []byte(`{}`), Due: due})
		return err
	})
}

func (p *process) due() (due time.Time) {
	p.Helper()
	if err := p.units.View(context.Background(), func(tx store.Tx) error {
		r, err := tx.Get("pot", "new")
		due = r.Due
		return err
	}); err != nil {
		p.Fatal(err)
	}
	return due
}

// TestWhatIsDueOfANewerVersionIsLeftToIt: an older one, whose turn it is first, neither puts it off nor alarms anybody.
func TestWhatIsDueOfANewerVersionIsLeftToIt(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Due = boiling(1)
		newer := w.tables
		newer.Due = boiling(2)
		old, young, _ := w.mixed(newer)
		due := old.clock.Now().Add(time.Minute)
		old.start()
		old.newerPot(due)
		together(5*time.Minute, old, young)
		if got := old.due(); !got.Equal(due) {
			t.Errorf("it was put off until %s", got)
		}
		old.state("due/pot/new", "")
		young.start()
		if !old.due().IsZero() {
			t.Error("the newer one doesn't do it at once")
		}
		together(20*time.Minute, old, young)
		old.state("due/pot/new", "")
	})
}

// TestWhatNobodyCanReadIsShown after ten minutes, or at once where an older version has long been alone.
func TestWhatNobodyCanReadIsShown(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Due = boiling(1)
		old, young, among := w.mixed(w.tables)
		old.start()
		old.newerPot(old.clock.Now())
		together(15*time.Minute, old, young)
		old.state("due/pot/new", store.Stuck)
		old.update(func(u *engine.Unit) error { return u.Tx.Delete("pot", "new") })
		old.update(func(u *engine.Unit) error { return u.Drop("due/pot/new") })
		among.Store(1)
		together(15*time.Minute, old, young)
		old.newerPot(old.clock.Now())
		together(time.Second, old, young)
		old.state("due/pot/new", store.Stuck)
	})
}

// inForm has handlers of the kind "work" read payloads up to some form.
func inForm(w *world, who string, form int) map[string]engine.Handler {
	var ups []store.Upgrade
	for range form - 1 {
		ups = append(ups, func(map[string]json.RawMessage) error { return nil })
	}
	return map[string]engine.Handler{"work": {Payload: store.Schema{Upgrades: ups}, Do: func(context.Context, store.Task) (engine.Outcome, error) {
		w.note("done by the %s one", who)
		return nil, nil
	}}}
}

// TestATaskOfANewerVersionIsLeftToIt: an older one doesn't park it, counts no attempt, and alarms nobody.
func TestATaskOfANewerVersionIsLeftToIt(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Handlers = inForm(w, "older", 1)
		w.tables.Failures["work"] = w.told()
		newer := w.tables
		newer.Handlers = inForm(w, "newer", 2)
		old, young, _ := w.mixed(newer)
		old.start()
		old.enqueue(store.Task{ID: "1", Kind: "work", Schema: 2, Payload: []byte(`{}`)}, store.Task{ID: "2", Kind: "work", Payload: []byte(`{}`)})
		w.expect("done by the older one")
		together(5*time.Minute, old, young)
		if k := old.task("1"); k.State != store.Ready || k.Attempts > 0 || k.Begun {
			t.Errorf("it is %s after %d attempts, begun: %v", k.State, k.Attempts, k.Begun)
		}
		young.start()
		together(3*time.Minute, old, young)
		w.expect("done by the newer one")
		old.state("1", "")
		if said := old.story(); said != "" {
			t.Errorf("told %q", said)
		}
	})
}

// TestATaskThatNobodyCanReadIsTold, and waits for one who can; it is parked by who is alone.
func TestATaskThatNobodyCanReadIsTold(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Handlers = inForm(w, "older", 1)
		w.tables.Failures["work"] = w.told()
		old, young, among := w.mixed(w.tables)
		old.start()
		old.enqueue(store.Task{ID: "1", Kind: "work", Schema: 2, Payload: []byte(`{}`)})
		together(30*time.Minute, old, young)
		old.state("1", store.Ready)
		if old.story() == "" {
			t.Error("nobody hears of it")
		}
		among.Store(1)
		together(15*time.Minute, old, young)
		old.state("1", store.Stuck)
	})
}
