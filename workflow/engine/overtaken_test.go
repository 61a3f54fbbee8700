package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// TestWhoWasOvertakenLooksAgain has a process stand still in the middle of a task until another
// one has taken it over and done it. What it sent meanwhile may have arrived last, however
// its attempt ends.
func TestWhoWasOvertakenLooksAgain(t *testing.T) {
	for name, ends := range map[string]error{"it worked": nil, "it failed": errDown} {
		t.Run(name, func(t *testing.T) {
			in(t, func(w *world) {
				still, first := make(chan struct{}), true
				w.tables.Handlers["work"] = engine.Handler{
					Do: func(context.Context, store.Task) (engine.Outcome, error) {
						w.mu.Lock()
						stands := first
						first = false
						w.mu.Unlock()
						if stands {
							<-still
							w.note("sent late")
							return nil, ends
						}
						w.note("done")
						return nil, nil
					},
					Doubts: true,
					Overtaken: func(u *engine.Unit, t store.Task, from time.Time) error {
						_, err := u.EnqueueFor(store.Task{ID: "again " + from.Sub(u.At).String(), Queue: "q", Kind: "again"}, from)
						return err
					},
				}
				w.handle("again", func(_ context.Context, t store.Task) (engine.Outcome, error) {
					w.note("%s", t.ID)
					return nil, nil
				})
				a, b := w.several()
				a.start()
				a.enqueue(store.Task{ID: "1", Kind: "work"})
				b.clock.Set(b.clock.Now().Add(engine.Settled))
				b.start()
				w.expect("done")
				b.stop()
				close(still)
				synctest.Wait()
				w.expect("sent late", "again 0s")
				a.clock.Set(b.clock.Now())
				a.pass(engine.Settled - 1)
				w.expect()
				a.pass(1)
				w.expect("again 3m0s") // as who took it over saw to, should the other one have died
			})
		})
	}
}

// TestWhoWasOvertakenGoesOnTrying: that can't be kept at first.
func TestWhoWasOvertakenGoesOnTrying(t *testing.T) {
	in(t, func(w *world) {
		still, tries := make(chan struct{}), 0
		w.tables.Handlers["work"] = engine.Handler{
			Do: func(context.Context, store.Task) (engine.Outcome, error) { <-still; return nil, nil },
			Overtaken: func(*engine.Unit, store.Task, time.Time) error {
				if tries++; tries == 1 {
					return errors.New("the disk is full")
				}
				return nil
			},
		}
		a, _ := w.several()
		a.start()
		a.enqueue(store.Task{ID: "1", Kind: "work"})
		a.update(func(u *engine.Unit) error { // as who takes it over and does it
			if _, err := u.Tx.Release("q", "b"); err != nil {
				return err
			}
			return u.Tx.Done("1", "b")
		})
		close(still)
		a.pass(engine.Settled)
		if tries < 2 {
			w.Errorf("it was tried %d times", tries)
		}
	})
}
