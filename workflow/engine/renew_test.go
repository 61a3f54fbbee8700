package engine_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/limit"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// longTask handles tasks of the kind "long", of which an attempt takes ten minutes by the clock of p, or until
// it is broken off.
func (w *world) longTask(p **process, meanwhile func(context.Context) error) {
	w.tables.Handlers["long"] = engine.Handler{Timeout: 30 * time.Minute, Restarts: true,
		Do: func(ctx context.Context, _ store.Task) (engine.Outcome, error) {
			w.note("begun")
			due, stop := (*p).clock.Until((*p).clock.Now().Add(10 * time.Minute))
			defer stop()
			select {
			case <-due:
			case <-ctx.Done():
				w.note("broken off")
				return nil, ctx.Err()
			}
			if meanwhile != nil {
				if err := meanwhile(ctx); err != nil {
					return nil, err
				}
			}
			return func(u *engine.Unit) error {
				_, err := u.Enqueue(store.Task{ID: "outcome", Queue: "q", Kind: "outcome"})
				return err
			}, nil
		}}
	w.handle("outcome", func(context.Context, store.Task) (engine.Outcome, error) {
		w.note("done")
		return nil, nil
	})
}

// TestALongTaskIsCarriedOutOnce: it takes longer than a claim holds, and two processes are there.
func TestALongTaskIsCarriedOutOnce(t *testing.T) {
	in(t, func(w *world) {
		var a, b *process
		w.longTask(&a, func(ctx context.Context) error {
			return a.units.Update(ctx, func(u *engine.Unit) error { return u.Drop("nothing") })
		})
		a, b = w.several()
		a.start()
		b.start()
		a.enqueue(store.Task{ID: "1", Kind: "long"})
		together(5*time.Minute, a, b)
		if until := a.task("1").Until; until.Before(a.clock.Now().Add(time.Minute)) {
			t.Errorf("after %s its claim holds until %s", 5*time.Minute, until)
		}
		together(25*time.Minute, a, b)
		w.expect("begun", "done")
		a.state("1", "")
	})
}

// TestALongTaskThatWasTakenOverIsBrokenOff: its process stood still, and another one has it by now.
func TestALongTaskThatWasTakenOverIsBrokenOff(t *testing.T) {
	in(t, func(w *world) {
		var a, b *process
		w.longTask(&a, nil)
		a, b = w.several()
		a.start()
		a.enqueue(store.Task{ID: "1", Kind: "long"})
		w.expect("begun")
		b.clock.Set(b.clock.Now().Add(engine.Settled)) // as if a's claim had not been renewed
		b.start()
		w.expect("begun")
		a.pass(2 * time.Minute)
		w.expect("broken off")
		if k := a.task("1"); k.Owner != "b" || k.State != store.Claimed {
			t.Errorf("it is %s, claimed by %q", k.State, k.Owner)
		}
	})
}

// TestNothingIsWrittenForATaskThatWasTakenOver, nor sent: its process has not noticed yet.
func TestNothingIsWrittenForATaskThatWasTakenOver(t *testing.T) {
	in(t, func(w *world) {
		sent := 0
		vendor := limit.New(limit.Config{Policy: limit.Told{}, Clock: w.clock, Next: called(func() { sent++ })})
		still := make(chan struct{})
		var a, b *process
		w.tables.Handlers["long"] = engine.Handler{Timeout: 30 * time.Minute,
			Do: func(ctx context.Context, k store.Task) (engine.Outcome, error) {
				if k.Owner == "b" {
					return nil, nil
				}
				<-still
				err := a.units.Update(ctx, func(u *engine.Unit) error {
					_, err := u.Enqueue(store.Task{ID: "late", Queue: "q", Kind: "late"})
					return err
				})
				if !errors.Is(err, store.ErrFenced) {
					t.Errorf("writing: %v", err)
				}
				req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://vendor.test/", nil)
				if _, err := vendor.RoundTrip(req); !errors.Is(err, store.ErrFenced) {
					t.Errorf("sending: %v", err)
				}
				return nil, err
			}}
		a, b = w.several()
		a.start()
		a.enqueue(store.Task{ID: "1", Kind: "long"})
		b.clock.Set(b.clock.Now().Add(engine.Settled))
		b.start()
		b.stop()
		a.clock.Set(a.clock.Now().Add(2 * time.Second))
		close(still)
		synctest.Wait()
		a.state("late", "")
		if sent > 0 {
			t.Error("something was sent")
		}
	})
}

// TestOnlyOneIsUnderALease, for however long it is at it; then it may go on, and once it is gone another one.
func TestOnlyOneIsUnderALease(t *testing.T) {
	in(t, func(w *world) {
		a, b := w.several()
		under := func(p *process, do func(context.Context) error) bool {
			mine, err := p.units.Under(w.Context(), "inbox", 2*time.Minute, do)
			if err != nil {
				w.Error(err)
			}
			return mine
		}
		quick := func(context.Context) error { return nil }
		goOn, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			under(a, func(ctx context.Context) error {
				<-goOn
				return a.units.Update(ctx, func(u *engine.Unit) error { return stir(u, "pot") })
			})
		}()
		together(10*time.Minute, a, b)
		if under(b, quick) {
			w.Error("both are at it")
		}
		close(goOn)
		<-ended
		together(time.Minute, a, b)
		if under(b, quick) || !under(a, quick) {
			w.Error("who was at it doesn't go on")
		}
		together(2*time.Minute, a, b)
		if !under(b, quick) {
			w.Error("nobody goes on")
		}
	})
}

// TestWhatIsUnderALeaseEndsWithIt: a's machine slept, and b has it by now.
func TestWhatIsUnderALeaseEndsWithIt(t *testing.T) {
	in(t, func(w *world) {
		a, b := w.several()
		sent, goOn := 0, make(chan struct{})
		vendor := limit.New(limit.Config{Policy: limit.Told{}, Clock: a.clock, Next: called(func() { sent++ })})
		late := make(chan error)
		go func() {
			_, err := a.units.Under(w.Context(), "inbox", 2*time.Minute, func(ctx context.Context) error {
				<-goOn
				if err := a.units.Update(ctx, func(u *engine.Unit) error { return stir(u, "pot") }); !errors.Is(err, store.ErrFenced) {
					w.Errorf("writing: %v", err)
				}
				req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://vendor.test/issue", http.NoBody)
				if err != nil {
					return err
				}
				if _, err := vendor.RoundTrip(req); !errors.Is(err, store.ErrFenced) {
					w.Errorf("sending: %v", err)
				}
				<-ctx.Done()
				return ctx.Err()
			})
			late <- err
		}()
		synctest.Wait()
		b.clock.Set(b.clock.Now().Add(2 * time.Minute))
		if mine, err := b.units.Under(w.Context(), "inbox", 2*time.Minute, func(context.Context) error { return nil }); !mine || err != nil {
			w.Errorf("b can't have it: %v", err)
		}
		a.clock.Set(a.clock.Now().Add(2 * time.Second))
		close(goOn)
		a.pass(time.Minute)
		if err := <-late; !errors.Is(err, store.ErrFenced) || sent > 0 {
			w.Errorf("it ended with %v, and sent %d times", err, sent)
		}
	})
}
