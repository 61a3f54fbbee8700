package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// ending is a due scan that takes a pot off the stove.
func (w *world) ending() {
	w.tables.Due = append(w.tables.Due, engine.DueScan{Kind: "pot", Do: func(u *engine.Unit, id string) error {
		p, err := engine.Load(u, pots(), id)
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(id, "panics"):
			panic("on purpose")
		case strings.HasPrefix(id, "stays"):
			return engine.Save(u, pots(), &p)
		case strings.HasPrefix(id, "stale"):
			p.Version = 99
		}
		p.Due = time.Time{}
		p.Moves++
		return engine.Save(u, pots(), &p)
	}})
}

// put stores pots that are due at a time.
func (p *process) put(at time.Time, names ...string) {
	p.Helper()
	p.update(func(u *engine.Unit) error {
		for _, name := range names {
			if err := engine.Save(u, pots(), &pot{Name: name, Due: at}); err != nil {
				return err
			}
		}
		return nil
	})
}

// damage makes a stored pot unreadable.
func (p *process) damage(name string) {
	p.Helper()
	p.update(func(u *engine.Unit) error {
		r, err := u.Tx.Get("pot", name)
		if err != nil {
			return err
		}
		r.Body = []byte("{damaged")
		_, err = u.Tx.Put(r)
		return err
	})
}

func (p *process) off(name string, want bool) {
	p.Helper()
	if got := p.pot(name).Due.IsZero(); got != want {
		p.Fatalf("%s: off the stove is %v, want %v", name, got, want)
	}
}

func TestWhatIsDueIsDoneInTime(t *testing.T) {
	in(t, func(w *world) {
		w.ending()
		start := w.clock.Now()
		early := w.process("early", w.clock)
		early.put(start.Add(-24*time.Hour), "missed while nobody ran")
		p := w.run()
		p.off("missed while nobody ran", true)
		p.put(start.Add(time.Hour), "a")
		p.put(start.Add(time.Minute), "b") // before what it waits for
		p.pass(time.Minute - time.Second)
		p.off("b", false)
		p.pass(time.Second)
		p.off("b", true)
		p.off("a", false)
		p.pass(time.Hour)
		p.off("a", true)
	})
}

func TestClockJumps(t *testing.T) {
	in(t, func(w *world) {
		w.ending()
		err := errDown
		w.failing("work", &err)
		p := w.run()
		start := w.clock.Now()
		p.put(start.Add(time.Hour), "a", "b")
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.enqueue(store.Task{ID: "late", Kind: "work"})
		w.noted()
		w.clock.Set(start.Add(-time.Hour)) // back: nothing ends early, and what comes anew is done
		synctest.Wait()
		p.put(start.Add(-30*time.Minute), "c")
		p.off("a", false)
		p.pass(30 * time.Minute)
		p.off("c", true)
		p.off("a", false)
		w.clock.Set(start.Add(48 * time.Hour)) // forward: at once
		synctest.Wait()
		p.off("a", true)
		p.off("b", true)
		if n := len(w.noted()); n != 2 {
			w.Errorf("%d attempts, want one of each task", n)
		}
		if k := p.task("1"); !k.NotBefore.After(w.clock.Now()) {
			w.Errorf("the next attempt is at %v", k.NotBefore)
		}
		if s := p.engine.Stats(); s.Missed != 0 {
			w.Errorf("the timer was found late %d times", s.Missed)
		}
	})
}

// TestAClaimOutlivesAJumpOfTheClock: a task that runs while the clock jumps past
// its claim is not begun a second time by the same process.
func TestAClaimOutlivesAJumpOfTheClock(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			<-goOn
			return func(u *engine.Unit) error { return stir(u, "done") }, nil
		})
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		w.clock.Set(w.clock.Now().Add(24 * time.Hour))
		synctest.Wait()
		p.pass(time.Hour)
		w.expect("1")
		close(goOn)
		synctest.Wait()
		p.state("1", "")
		if p.pot("done").Moves != 1 {
			w.Errorf("it was recorded %d times", p.pot("done").Moves)
		}
	})
}

// latecomer is a store from which a claim that found something comes back only
// once nobody else has anything left to do.
type latecomer struct {
	store.Store
	late atomic.Pointer[func()]
}

// claiming notes whether a claim found something.
type claiming struct {
	store.Tx
	found *bool
}

func (c claiming) Claim(what store.Claim) ([]store.Task, error) {
	tasks, err := c.Tx.Claim(what)
	*c.found = *c.found || len(tasks) > 0
	return tasks, err
}

func (l *latecomer) Update(ctx context.Context, fn func(store.Tx) error) error {
	found := false
	err := l.Store.Update(ctx, func(tx store.Tx) error { return fn(claiming{tx, &found}) })
	if !found {
		return err
	}
	if meanwhile := l.late.Swap(nil); meanwhile != nil {
		(*meanwhile)()
		<-time.After(time.Nanosecond) // in a bubble: once all others wait
	}
	return err
}

// TestATaskThatEndsWhileItIsClaimedAgain: the clock jumps past the claim of a task
// that runs, the process claims it again, and the task ends before that claim has
// come back from the store.
func TestATaskThatEndsWhileItIsClaimedAgain(t *testing.T) {
	in(t, func(w *world) {
		slow := &latecomer{Store: w.store}
		w.store = slow
		goOn := make(chan struct{})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			<-goOn
			return nil, nil
		})
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		ends := func() { close(goOn) }
		slow.late.Store(&ends)
		w.clock.Set(w.clock.Now().Add(24 * time.Hour))
		synctest.Wait()
		<-time.After(time.Second)
		p.state("1", "")
		w.expect("1")
	})
}

func TestOneThatCantBeCarriedOutHoldsUpNobody(t *testing.T) {
	in(t, func(w *world) {
		w.ending()
		w.tables.Failures[engine.DueTask] = w.told()
		p := w.process("one", w.clock)
		due := w.clock.Now().Add(time.Minute)
		var names []string
		for i := range 300 {
			names = append(names, fmt.Sprintf("p%03d", i))
		}
		bad := []string{"damaged", "panics", "stays", "stale"}
		p.put(due, append(append([]string{}, bad...), names...)...)
		p.damage("damaged")
		p.start()
		p.pass(time.Minute + time.Second)
		for _, name := range names {
			p.off(name, true)
		}
		for _, name := range bad {
			p.state("due/pot/"+name, store.Stuck)
		}
		if problem := p.task("due/pot/stays").Problem; !strings.Contains(problem, "still due") {
			w.Errorf("it says %q", problem)
		}
		if p.story() != "" {
			w.Errorf("told at once: %s", p.story())
		}
		p.pass(30 * time.Minute)
		for _, name := range bad {
			if n := strings.Count(p.story(), "due/pot/"+name+": "); n != 1 {
				w.Errorf("told %d times of %s", n, name)
			}
		}
		if k := p.task("due/pot/damaged"); k.Attempts < 5 || !k.Created.Equal(due) {
			w.Errorf("it is %+v", k)
		}
		if s := p.engine.Stats(); s.SetAside < 20 || s.SetAside > 60 || s.Panics == 0 {
			w.Errorf("counted %+v", s)
		}
	})
}

func TestWhatWasSetAsideIsTakenUpAgain(t *testing.T) {
	mend := func(p *process, name string, due time.Time) {
		p.update(func(u *engine.Unit) error {
			r, err := u.Tx.Get("pot", name)
			if err != nil {
				return err
			}
			r.Body, _ = json.Marshal(pot{Name: name, Due: due})
			_, err = u.Tx.Put(r)
			return err
		})
	}
	in(t, func(w *world) {
		w.ending()
		p := w.run()
		due := w.clock.Now()
		p.put(due.Add(time.Second), "timer", "human", "gone", "moved")
		for _, name := range []string{"timer", "human", "gone", "moved"} {
			p.damage(name)
		}
		p.pass(time.Hour)
		mend(p, "timer", due)
		p.pass(10 * time.Minute)
		p.off("timer", true)
		p.state("due/pot/timer", "")

		mend(p, "human", due)
		p.update(func(u *engine.Unit) error {
			return errors.Join(u.Tx.Delete("pot", "gone"), u.Expedite("due/pot/human"), u.Expedite("due/pot/gone"))
		})
		p.off("human", true)
		for _, name := range []string{"human", "gone"} {
			p.state("due/pot/"+name, "")
		}

		mend(p, "moved", due)
		later := w.clock.Now().Add(time.Hour)
		p.update(func(u *engine.Unit) error {
			one, err := engine.Load(u, pots(), "moved")
			one.Due = later
			return errors.Join(err, engine.Save(u, pots(), &one), u.Expedite("due/pot/moved"))
		})
		if got := p.pot("moved"); !got.Due.Equal(later) || got.Moves != 0 {
			w.Errorf("what is due later was carried out: %+v", got)
		}
		p.update(func(u *engine.Unit) error { return u.Tx.Delete("pot", "moved") })
		p.pass(2 * time.Hour)
	})
}

// flaky refuses updates while it is on.
type flaky struct {
	store.Store
	refuse *error
}

func (s flaky) Update(ctx context.Context, fn func(store.Tx) error) error {
	if *s.refuse != nil {
		return *s.refuse
	}
	return s.Store.Update(ctx, fn)
}

func (s flaky) View(ctx context.Context, fn func(store.Tx) error) error {
	if *s.refuse != nil {
		return *s.refuse
	}
	return s.Store.View(ctx, fn)
}

func TestAStoreThatRefusesIsTriedAgain(t *testing.T) {
	in(t, func(w *world) {
		w.ending()
		w.handle("work", func(context.Context, store.Task) (engine.Outcome, error) { return nil, nil })
		var trouble error
		w.store = flaky{w.store, &trouble}
		p := w.run()
		p.put(w.clock.Now().Add(time.Minute), "a")
		trouble = store.ErrFull
		p.pass(10 * time.Minute)
		trouble = nil
		p.pass(2 * time.Second)
		p.off("a", true)
		if n := p.engine.Stats().SetAside; n != 0 {
			w.Errorf("%d records were set aside because the disk was full", n)
		}
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.state("1", "")
	})
}

// TestTheSweepFindsWhatTheTimerMissed stores something due behind the timer's back.
func TestTheSweepFindsWhatTheTimerMissed(t *testing.T) {
	in(t, func(w *world) {
		w.ending()
		p := w.run()
		err := w.store.Update(w.Context(), func(tx store.Tx) error {
			return pots().Put(tx, &pot{Name: "a", Due: w.clock.Now().Add(time.Second)})
		})
		if err != nil {
			w.Fatal(err)
		}
		p.pass(time.Minute)
		p.off("a", false) // the timer might have been about to
		p.pass(time.Minute)
		p.off("a", true)
		p.pass(time.Hour)
		if n := p.engine.Stats().Missed; n != 1 {
			w.Errorf("the timer was found late %d times, want once", n)
		}
	})
}

// TestATimerAtWorkHasMissedNothing: a crowd that falls due at one moment takes its time,
// and a store that can't be written to is tried again and again.
func TestATimerAtWorkHasMissedNothing(t *testing.T) {
	for name, fails := range map[string]bool{"a crowd": false, "a full disk": true} {
		t.Run(name, func(t *testing.T) {
			in(t, func(w *world) {
				goOn, full, start := make(chan struct{}), fails, w.clock.Now()
				w.ending()
				end := w.tables.Due[0].Do
				w.tables.Due[0].Do = func(u *engine.Unit, id string) error {
					if full {
						return store.ErrFull
					}
					<-goOn
					return end(u, id)
				}
				p := w.run()
				p.put(start.Add(time.Second), "a")
				w.clock.Set(start.Add(2 * time.Second))
				for range 4 { // looks of the sweep
					synctest.Wait()
					w.clock.Set(w.clock.Now().Add(time.Minute))
				}
				synctest.Wait()
				full = false
				close(goOn)
				p.pass(time.Minute)
				p.off("a", true)
				if n := p.engine.Stats().Missed; n != 0 {
					w.Errorf("the timer was found late %d times", n)
				}
			})
		})
	}
}
