package engine_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// mute is a store whose answer to the next claim that finds something is lost.
type mute struct {
	store.Store
	now bool
}

func (m *mute) Update(ctx context.Context, fn func(store.Tx) error) error {
	found := false
	err := m.Store.Update(ctx, func(tx store.Tx) error { return fn(claiming{tx, &found}) })
	if found && m.now {
		m.now = false
		return store.ErrUnwritable
	}
	return err
}

// A database that breaks off at the moment of a claim has made it, and nobody was told.
func TestAClaimWhoseAnswerIsLostIsSeenTo(t *testing.T) {
	in(t, func(w *world) {
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return nil, nil
		})
		lost := &mute{Store: w.store}
		w.store = lost
		p := w.run()
		lost.now = true
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.state("1", store.Claimed)
		p.pass(2 * time.Second)
		p.state("1", "")
		w.expect("1")
	})
}

// While claims are doubted, those of tasks that are under way, of other processes and of other
// queues are left alone.
func TestOnlyWhatNobodyCarriesOutIsSeenTo(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.handle("slow", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			<-goOn
			return nil, nil
		})
		lost := &mute{Store: w.store}
		w.store = shared{lost}
		p := w.run()
		p.enqueue(store.Task{ID: "mine", Kind: "slow"}, store.Task{ID: "house", Kind: "slow", Queue: engine.HouseQueue})
		other := store.Claim{Queue: "q", Owner: "two", At: p.clock.Now(), Until: p.clock.Now().Add(time.Minute), Limit: 1}
		err := w.store.Update(context.Background(), func(tx store.Tx) error {
			if _, err := tx.Enqueue(store.Task{ID: "theirs", Kind: "slow", Queue: "q"}); err != nil {
				return err
			}
			_, err := tx.Claim(other)
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
		w.noted()
		until := p.task("mine").Until
		lost.now = true
		p.enqueue(store.Task{ID: "lost", Kind: "slow"})
		p.pass(2 * time.Second)
		w.expect("lost")
		for id, owner := range map[string]string{"mine": "one", "house": "one", "lost": "one", "theirs": "two"} {
			if k := p.task(id); k.State != store.Claimed || k.Owner != owner {
				w.Errorf("%s is %s, of %q", id, k.State, k.Owner)
			}
		}
		if k := p.task("mine"); !k.Until.Equal(until) {
			w.Error("what is under way was claimed again")
		}
		close(goOn)
		synctest.Wait()
	})
}

// halting is a store that has the next update wait that nobody can call off, as what failed is
// put back.
type halting struct {
	store.Store
	until atomic.Pointer[chan struct{}]
}

func (h *halting) Update(ctx context.Context, fn func(store.Tx) error) error {
	if ctx.Done() == nil {
		if until := h.until.Swap(nil); until != nil {
			<-*until
		}
	}
	return h.Store.Update(ctx, fn)
}

// While what failed is put back, its claim is no doubtful one.
func TestWhatIsBeingPutBackIsNotSeenTo(t *testing.T) {
	in(t, func(w *world) {
		slow, putBack := &halting{Store: w.store}, make(chan struct{})
		lost := &mute{Store: slow}
		w.store = lost
		w.handle("fails", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			slow.until.Store(&putBack)
			return nil, errDown
		})
		w.handle("work", func(context.Context, store.Task) (engine.Outcome, error) { return nil, nil })
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "fails"})
		lost.now = true
		p.enqueue(store.Task{ID: "2", Kind: "work"})
		p.pass(2 * time.Second)
		p.state("2", "")
		w.expect("1")
		close(putBack)
		synctest.Wait()
		p.state("1", store.Ready)
	})
}

// curt is a store that refuses some updates that nobody can call off, as what failed is put back.
type curt struct {
	store.Store
	refuses atomic.Int32
}

func (c *curt) Update(ctx context.Context, fn func(store.Tx) error) error {
	if ctx.Done() == nil && c.refuses.Add(-1) >= 0 {
		return store.ErrUnwritable
	}
	return c.Store.Update(ctx, fn)
}

// The database need not be gone for longer than it takes to find that a task can't be put back.
func TestAFailureIsTriedAgainThoughNothingElseWasRefused(t *testing.T) {
	in(t, func(w *world) {
		s := &curt{Store: w.store}
		w.store = s
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			if t.Begun {
				return nil, nil
			}
			s.refuses.Store(2)
			return nil, errDown
		})
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.pass(2 * time.Second)
		p.state("1", "")
		w.expect("1", "1")
	})
}

// What failed while nothing could be written is tried again as soon as something can.
func TestAFailureThatCouldNotBePutBackIsTriedAgainSoon(t *testing.T) {
	in(t, func(w *world) {
		var trouble error
		w.store = flaky{w.store, &trouble}
		goOn := make(chan struct{})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			if t.Begun {
				return nil, nil
			}
			<-goOn
			return nil, errDown
		})
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		trouble = store.ErrUnwritable
		close(goOn)
		p.pass(10 * time.Second)
		w.expect("1")
		trouble = nil
		p.pass(2 * time.Second)
		p.state("1", "")
		w.expect("1")
	})
}

// blind is a store that can't be read while it is on.
type blind struct {
	store.Store
	on *bool
}

func (b blind) View(ctx context.Context, fn func(store.Tx) error) error {
	if *b.on {
		return store.ErrUnwritable
	}
	return b.Store.View(ctx, fn)
}

// Who can't find out when the next task comes due looks again soon, and not in a minute.
func TestAWorkerThatCouldNotLookAheadLooksAgain(t *testing.T) {
	in(t, func(w *world) {
		w.handle("work", func(context.Context, store.Task) (engine.Outcome, error) { return nil, nil })
		on := false
		w.store = blind{w.store, &on}
		p := w.run()
		on = true
		p.update(func(u *engine.Unit) error {
			_, err := u.EnqueueFor(store.Task{ID: "1", Kind: "work", Queue: "q"}, u.At.Add(3*time.Second))
			return err
		})
		on = false
		p.pass(4 * time.Second)
		p.state("1", "")
	})
}
