package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/limit"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// duty lists a duty that notes its turns.
func (w *world) duty(name, line string) {
	w.tables.Duties = append(w.tables.Duties, engine.Duty{Name: name, Line: line, Do: func(context.Context, store.Task) (engine.Outcome, error) {
		return func(u *engine.Unit) error { return stir(u, name) }, nil
	}})
}

func (p *process) turns(name string) int {
	p.Helper()
	if strings.Contains(p.story(), name) {
		return p.pot(name).Moves
	}
	return 0
}

func TestDutiesHaveTheirTurnsByTheCalendar(t *testing.T) {
	in(t, func(w *world) { // it is Monday, 09:00 UTC
		w.config.Zone = time.FixedZone("", 0)
		w.config.Zone, _ = time.LoadLocation("Asia/Tokyo")
		w.duty("daily", "0 20 * * *") // 11:00 UTC
		w.duty("never", "")
		w.duty("impossible", "0 0 30 2 *")
		p := w.run()
		p.pass(2*time.Hour - time.Second)
		if n := p.turns("daily"); n != 0 {
			w.Fatalf("%d turns before the first", n)
		}
		p.pass(time.Second)
		if n := p.turns("daily"); n != 1 {
			w.Fatalf("%d turns at the first", n)
		}
		p.stop()
		w.clock.Set(w.clock.Now().Add(72 * time.Hour)) // turns that nobody had are one
		p = w.run()
		if n := p.turns("daily"); n != 2 {
			w.Fatalf("%d turns after days off", n)
		}
		p.pass(24 * time.Hour)
		if n := p.turns("daily"); n != 3 {
			w.Fatalf("%d turns", n)
		}
		p.stop()
		w.tables.Duties = nil
		w.duty("daily", "@hourly") // a changed line starts from now
		p = w.run()
		p.pass(time.Hour)
		if n := p.turns("daily"); n != 4 {
			w.Fatalf("%d turns by the new line", n)
		}
		p.stop()
		w.tables.Duties = nil // a duty that is gone has no turns
		p = w.run()
		p.pass(24 * time.Hour)
		if n := p.turns("daily") + p.turns("never") + p.turns("impossible"); n != 4 {
			w.Fatalf("%d turns of what is gone", n)
		}
	})
}

func TestATurnThatFailsIsTriedAgainAtTheNext(t *testing.T) {
	in(t, func(w *world) {
		var err error = &access.Failure{Class: access.Denied, Sentence: "The token may not"}
		w.tables.Duties = []engine.Duty{{Name: "d", Line: "@hourly", Do: func(context.Context, store.Task) (engine.Outcome, error) {
			w.note("turn")
			return nil, err
		}}}
		p := w.run()
		p.pass(3 * time.Hour)
		w.expect("turn", "turn", "turn")
		p.state("duty/d", store.Stuck)
	})
}

func TestATurnWaitsForTheOneBefore(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.tables.Duties = []engine.Duty{{Name: "d", Line: "@hourly", Do: func(context.Context, store.Task) (engine.Outcome, error) {
			w.note("turn")
			<-goOn
			return nil, nil
		}}}
		p := w.run()
		p.pass(3 * time.Hour)
		w.expect("turn")
		close(goOn)
		synctest.Wait()
		p.pass(time.Hour)
		w.expect("turn")
	})
}

// TestNothingKeepsItFromStarting: a duty that can't be read is planned anew, and
// a store that refuses for a while is waited for.
func TestNothingKeepsItFromStarting(t *testing.T) {
	in(t, func(w *world) {
		w.duty("d", "@hourly")
		w.ending()
		var trouble error
		w.store = flaky{w.store, &trouble}
		p := w.process("one", w.clock)
		p.put(w.clock.Now(), "pot")
		p.update(func(u *engine.Unit) error {
			_, err := u.Tx.Put(store.Record{Kind: "duty", ID: "d", Body: []byte("{damaged"), Due: w.clock.Now()})
			return err
		})
		p.start()
		p.off("pot", true)
		p.pass(time.Hour)
		if n := p.turns("d"); n != 1 {
			w.Errorf("%d turns", n)
		}
		p.stop()
		p.put(w.clock.Now(), "another")
		trouble = store.ErrFull
		p = w.run()
		trouble = nil
		p.pass(2 * time.Second)
		p.off("another", true)
	})
}

func TestTablesThatCantBeRight(t *testing.T) {
	do := func(context.Context, store.Task) (engine.Outcome, error) { return nil, nil }
	for want, c := range map[string]struct {
		config engine.Config
		tables engine.Tables
	}{
		"no calendar line": {tables: engine.Tables{Duties: []engine.Duty{{Name: "d", Line: "soon", Do: do}}}},
		"duties names":     {tables: engine.Tables{Duties: []engine.Duty{{Name: "d", Do: do}, {Name: "d", Do: do}}}},
		"due scans names":  {tables: engine.Tables{Due: []engine.DueScan{{Kind: "duty"}}}},
		"engine's own":     {tables: engine.Tables{Handlers: map[string]engine.Handler{engine.DutyTask: {Do: do}}}},
		"\"often\" is no":  {config: engine.Config{Sweep: "often"}},
	} {
		if _, err := engine.New(engine.NewUnits(engine.UnitsConfig{}), c.config, c.tables); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// several are two processes on one store, each with a clock of its own.
func (w *world) several() (a, b *process) {
	w.store = shared{w.store}
	return w.process("a", newClock()), w.process("b", newClock())
}

// together passes time for both.
func together(d time.Duration, all ...*process) {
	end := all[0].clock.Now().Add(d)
	for {
		synctest.Wait()
		next, who := end, (*process)(nil)
		for _, p := range all {
			if at, ok := p.clock.Next(); ok && !at.After(next) {
				next, who = at, p
			}
		}
		for _, p := range all {
			p.clock.Set(next)
		}
		if who == nil {
			synctest.Wait()
			return
		}
	}
}

func TestWorkOfAnotherProcessIsHeardOf(t *testing.T) {
	in(t, func(w *world) {
		w.ending()
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return nil, nil
		})
		a, b := w.several()
		a.start()
		synctest.Wait()
		b.enqueue(store.Task{ID: "1", Kind: "work"}) // b doesn't run: a has to hear of it
		w.expect()                                   // b would be the first
		a.pass(100 * time.Millisecond)
		w.expect("1")
		b.put(b.clock.Now().Add(time.Second), "pot")
		a.pass(time.Second)
		a.off("pot", true)
	})
}

// attended is a shared store on which so many processes work, of which this is one.
type attended struct {
	shared
	place, among int
}

func (attended) Present(string)                {}
func (a attended) Attendance() (place, of int) { return a.place, a.among }

// Each thing that is due is one process's to do first; what that one leaves lying, because it is
// gone, is the next one's a moment later, and so on: all of it is done within half a second.
func TestWhatIsDueIsDoneByOneOfSeveralFirst(t *testing.T) {
	const grace = 250 * time.Millisecond
	in(t, func(w *world) {
		w.ending()
		bare := w.store
		var all []*process
		for place := range 3 {
			w.store = attended{shared{bare}, place, 3}
			all = append(all, w.process(fmt.Sprint(place), newClock()))
		}
		var pots []string
		for n := range 30 {
			pots = append(pots, fmt.Sprint("pot ", n))
		}
		due := all[1].clock.Now().Add(time.Minute)
		all[1].put(due, pots...)
		off := func() (n int) {
			for _, name := range pots {
				if p := all[1].pot(name); p.Due.IsZero() {
					n++
				}
			}
			return n
		}
		alone := all[1].start() // the others are there, and do nothing
		alone.pass(time.Minute - time.Millisecond)
		if n := off(); n != 0 {
			w.Fatalf("%d were done too early", n)
		}
		var steps []int
		for range 3 {
			alone.pass(time.Millisecond)
			steps = append(steps, off())
			alone.pass(grace - time.Millisecond)
		}
		if steps[0] < 5 || steps[1] < steps[0]+5 || steps[2] != 30 || steps[1] > 25 {
			w.Errorf("done at once, a moment later and after another one: %v of 30", steps)
		}
		w.noted()
	})
}

func TestALostClaimIsNotRecordedTwice(t *testing.T) {
	for _, failing := range []bool{false, true} {
		in(t, func(w *world) {
			goOn := make(chan struct{})
			w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
				w.note("%s begun %v", t.ID, t.Begun)
				if !t.Begun {
					<-goOn
					if failing {
						return nil, errDown
					}
				}
				return func(u *engine.Unit) error { return stir(u, "done") }, nil
			})
			a, b := w.several()
			a.start()
			a.enqueue(store.Task{ID: "1", Kind: "work"})
			b.start()
			b.pass(4 * time.Minute) // a's clock stands still: its machine sleeps
			w.expect("1 begun false", "1 begun true")
			b.state("1", "")
			b.enqueue(store.Task{ID: "1", Kind: "elsewhere", Queue: "elsewhere"}) // a new one of the same name
			close(goOn)
			synctest.Wait()
			if n := b.pot("done").Moves; n != 1 {
				w.Errorf("recorded %d times", n)
			}
			if k := b.task("1"); k.State != store.Ready || k.Attempts != 0 {
				w.Errorf("the late one disturbed another task: %+v", k)
			}
		})
	}
}

// A process that stood still while another one took its task over changes nothing outside any
// more: its next call is not sent.
func TestALostClaimMakesNoCalls(t *testing.T) {
	in(t, func(w *world) {
		sent, goOn := 0, make(chan struct{})
		vendor := limit.New(limit.Config{Policy: limit.Told{}, Clock: w.clock, Next: called(func() { sent++ })})
		w.handle("work", func(ctx context.Context, task store.Task) (engine.Outcome, error) {
			call := func() error {
				req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://vendor.test/member", http.NoBody)
				if err != nil {
					return err
				}
				_, err = vendor.RoundTrip(req)
				return err
			}
			if err := call(); err != nil {
				return nil, err
			}
			if !task.Begun {
				<-goOn
			}
			return nil, call()
		})
		a, b := w.several()
		a.start()
		a.enqueue(store.Task{ID: "1", Kind: "work"})
		b.start()
		b.pass(4 * time.Minute) // a's clock stands still: its machine sleeps
		b.state("1", "")
		a.pass(4 * time.Minute)
		close(goOn)
		synctest.Wait()
		if sent != 3 {
			w.Errorf("%d calls were sent, not one of the first and two of the other", sent)
		}
	})
}

// called answers every call, and says so.
type called func()

func (c called) RoundTrip(req *http.Request) (*http.Response, error) {
	c()
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, nil
}

// slow is a duty of a that goes on until it is told to end, writes under its
// lease and records its end. Turns of others fail.
func (w *world) slow(goOn chan struct{}, a **process) {
	var turns atomic.Int32
	w.tables.Duties = []engine.Duty{{Name: "d", Line: "@hourly", Do: func(ctx context.Context, _ store.Task) (engine.Outcome, error) {
		w.note("turn")
		if turns.Add(1) > 1 {
			return nil, errDown
		}
		<-goOn
		err := (*a).units.Update(context.WithoutCancel(ctx), func(u *engine.Unit) error { return stir(u, "written") })
		w.note("wrote %v", !errors.Is(err, store.ErrFenced))
		return func(u *engine.Unit) error { return stir(u, "over") }, nil
	}}}
}

func TestADutyKeepsItsLeaseForAsLongAsItTakes(t *testing.T) {
	in(t, func(w *world) {
		var a, b *process
		goOn := make(chan struct{})
		w.slow(goOn, &a)
		a, b = w.several()
		a.start()
		together(time.Hour, a, b)
		b.start()
		together(20*time.Minute, a, b) // the claim ran out long ago
		w.expect("turn")
		close(goOn)
		together(10*time.Minute, a, b)
		w.expect("wrote true")
		if a.turns("written") != 1 || a.turns("over") != 1 {
			w.Errorf("wrote %d times, ended %d times", a.turns("written"), a.turns("over"))
		}
		a.state("duty/d", "")
	})
}

// TestADutyThatLostItsLeaseWritesNothing: a's machine sleeps, b takes the duty
// over and fails, so that the task is free again when a wakes up.
func TestADutyThatLostItsLeaseWritesNothing(t *testing.T) {
	in(t, func(w *world) {
		var a, b *process
		goOn := make(chan struct{})
		w.slow(goOn, &a)
		a, b = w.several()
		a.start()
		together(time.Hour, a, b)
		w.expect("turn")
		b.start()
		b.clock.Set(b.clock.Now().Add(4 * time.Minute))
		synctest.Wait()
		w.expect("turn")
		b.stop()
		b.state("duty/d", store.Ready)
		close(goOn)
		synctest.Wait()
		w.expect("wrote false")
		if n := b.turns("written") + b.turns("over"); n != 0 {
			w.Errorf("%d writes of the late one", n)
		}
		b.state("duty/d", store.Ready) // its turn is still to be had
	})
}

func TestADutyThatFailsGivesItsLeaseBack(t *testing.T) {
	in(t, func(w *world) {
		err := errDown
		w.tables.Duties = []engine.Duty{{Name: "d", Line: "@hourly", Do: func(context.Context, store.Task) (engine.Outcome, error) {
			w.note("turn")
			return nil, err
		}}}
		a, b := w.several()
		a.start()
		together(time.Hour, a, b)
		w.expect("turn")
		a.stop()
		err = nil
		b.start()
		together(2*time.Second, a, b)
		w.expect("turn")
		b.state("duty/d", "")
	})
}

func TestALeaseFencesWhatIsWrittenUnderIt(t *testing.T) {
	in(t, func(w *world) {
		a, b := w.several()
		first, err := a.units.Lease(w.Context(), "inbox", time.Minute)
		if err != nil {
			w.Fatal(err)
		}
		write := func(ctx context.Context, p *process) error {
			return p.units.Update(ctx, func(u *engine.Unit) error { return stir(u, "pot") })
		}
		if err := write(first, a); err != nil {
			w.Fatal(err)
		}
		if _, err := b.units.Lease(w.Context(), "inbox", time.Minute); access.Classify(err).Class != access.Limited {
			w.Fatalf("it was given twice: %v", err)
		}
		if renewed, err := a.units.Lease(first, "inbox", time.Minute); err != nil || write(renewed, a) != nil {
			w.Fatalf("it can't be renewed: %v", err)
		}
		b.clock.Set(b.clock.Now().Add(time.Minute))
		second, err := b.units.Lease(w.Context(), "inbox", time.Minute)
		if err != nil {
			w.Fatal(err)
		}
		if err := write(first, a); !errors.Is(err, store.ErrFenced) {
			w.Errorf("a late write: %v", err)
		}
		if _, err := a.units.Lease(first, "inbox", time.Minute); err == nil {
			w.Error("a lost lease was renewed")
		}
		if err := write(second, b); err != nil {
			w.Error(err)
		}
		if n := a.pot("pot").Moves; n != 3 {
			w.Errorf("%d writes", n)
		}
		b.clock.Set(b.clock.Now().Add(time.Hour)) // it ran out, though nobody took it
		if _, err := b.units.Lease(second, "inbox", time.Minute); !errors.Is(err, store.ErrFenced) {
			w.Errorf("what ran out was renewed: %v", err)
		}
	})
	in(t, func(w *world) {
		alone := w.process("one", w.clock)
		ctx, err := alone.units.Lease(w.Context(), "inbox", time.Minute)
		if err != nil || ctx != w.Context() {
			w.Errorf("a store of one process: %v", err)
		}
	})
}

func TestADutyOnlyAnotherProcessKnowsIsLeftToIt(t *testing.T) {
	in(t, func(w *world) {
		old, _ := w.several()
		old.start()
		w.duty("new", "@hourly")
		newer := w.process("newer", newClock()).start()
		together(90*time.Minute, old, newer)
		if n := newer.turns("new"); n != 1 {
			w.Errorf("%d turns, want 1", n)
		}
	})
}

// TestADutyThatPanicsIsSetAside, and has its next turn all the same.
func TestADutyThatPanicsIsSetAside(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Duties = []engine.Duty{{Name: "report", Line: "0 * * * *", Do: func(context.Context, store.Task) (engine.Outcome, error) {
			w.note("turn")
			panic("on purpose")
		}}}
		w.tables.Failures[engine.DutyTask] = w.told()
		p := w.run()
		p.pass(90 * time.Minute)
		p.state("duty/report", store.Stuck)
		if !strings.Contains(p.story(), "fault of its own") || p.engine.Stats().Panics == 0 {
			w.Errorf("told %q", p.story())
		}
		w.noted()
		p.pass(time.Hour)
		w.expect("turn")
	})
}

// TestATurnBeforeItsTime: who wants one earlier gets it, and the calendar goes on as before.
func TestATurnBeforeItsTime(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Duties = []engine.Duty{
			{Name: "daily", Line: "0 12 * * *", Do: func(context.Context, store.Task) (engine.Outcome, error) {
				w.note("%s", w.clock.Now().Format("15:04"))
				return nil, nil
			}},
			{Name: "never", Do: func(context.Context, store.Task) (engine.Outcome, error) { w.note("never"); return nil, nil }},
		}
		p := w.run()
		for _, in := range []time.Duration{10 * time.Minute, 20 * time.Minute} { // the earlier one
			p.update(func(u *engine.Unit) error {
				return errors.Join(engine.TurnBy(u, "daily", u.At.Add(in)), engine.TurnBy(u, "never", u.At))
			})
		}
		p.pass(11 * time.Minute)
		w.expect("09:10")
		p.pass(4 * time.Hour)
		w.expect("12:00")
	})
}
