package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

var errDown = errors.New("connection refused")

func TestATaskIsDoneAndItsOutcomeRecordedOnce(t *testing.T) {
	in(t, func(w *world) {
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return func(u *engine.Unit) error { return stir(u, "done "+t.ID) }, nil
		})
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"}, store.Task{ID: "2", Kind: "work", Queue: engine.HouseQueue})
		for _, id := range []string{"1", "2"} {
			p.state(id, "")
			if p.pot("done "+id).Moves != 1 {
				w.Errorf("%s was recorded %d times", id, p.pot("done "+id).Moves)
			}
		}
	})
}

// told counts what policies tell.
func (w *world) told() engine.Policy {
	return engine.Policy{Tell: func(u *engine.Unit, t store.Task, f *access.Failure) error {
		_, err := u.Append(access.Event{Kind: "told", At: u.At, Note: t.ID + ": " + f.Sentence})
		return err
	}}
}

func TestAPassingFailureIsTriedAgainAndToldWhenItLasts(t *testing.T) {
	in(t, func(w *world) {
		err := errDown
		w.failing("work", &err)
		policy := w.told()
		policy.Attempts, policy.Backoff = 3, 10*time.Second
		policy.Recovered = func(u *engine.Unit, t store.Task) error { return stir(u, "recovered "+t.ID) }
		w.tables.Failures["work"] = policy
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		k := p.task("1")
		if k.State != store.Ready || k.Attempts != 1 || !k.Begun || k.Problem == "" || !k.NotBefore.After(p.clock.Now()) || k.NotBefore.After(p.clock.Now().Add(time.Second)) {
			w.Fatalf("after one failure: %+v", k)
		}
		p.pass(time.Second)
		if p.story() != "" {
			w.Fatalf("told too early: %s", p.story())
		}
		p.pass(time.Hour)
		if got := p.story(); !strings.HasPrefix(got, "1: ") || strings.Contains(got, ",") {
			w.Fatalf("told %q, want once", got)
		}
		if n := len(w.noted()); n < 360 || n > 730 {
			w.Fatalf("%d attempts in an hour, want one every 5 to 10 seconds", n)
		}
		w.tables.Handlers["work"] = engine.Handler{Do: func(context.Context, store.Task) (engine.Outcome, error) { return nil, nil }}
		p.stop()
		p = w.run()
		p.pass(time.Minute)
		p.state("1", "")
		if p.pot("recovered 1").Moves != 1 {
			w.Error("nobody was told that it works again")
		}
	})
}

func TestBeingAskedToWaitCostsNoAttempt(t *testing.T) {
	in(t, func(w *world) {
		var err error = &access.Failure{Class: access.Limited, After: time.Minute, Sentence: "Jira asks to wait"}
		w.failing("work", &err)
		w.tables.Failures["work"] = w.told()
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.pass(2 * time.Hour)
		k := p.task("1")
		if k.State != store.Ready || k.Attempts != 0 || k.Begun || k.Problem != "Jira asks to wait" {
			w.Fatalf("it is %+v", k)
		}
		if n := len(w.noted()); n < 115 || n > 125 {
			w.Errorf("%d attempts in two hours, want one a minute", n)
		}
		if p.story() != "" {
			w.Errorf("told %q", p.story())
		}
		err = &access.Failure{Class: access.Unclear, After: time.Minute, Sentence: "It may have happened"}
		p.pass(2 * time.Minute)
		if k := p.task("1"); k.Attempts != 0 || !k.Begun {
			w.Errorf("unclear, with a time to wait: %+v", k)
		}
		err = &access.Failure{Class: access.Unclear, Sentence: "It may have happened"}
		p.pass(time.Minute)
		if k := p.task("1"); k.Attempts == 0 || k.State != store.Ready {
			w.Errorf("unclear: %+v", k)
		}
	})
}

// A failure that is certain to have done nothing leaves the task as if it had never
// begun.
func TestWhatDidNothingHasNotBegun(t *testing.T) {
	in(t, func(w *world) {
		var err error = &access.Failure{Class: access.Rejected, Sentence: "Jira refuses it"}
		w.failing("work", &err)
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.state("1", store.Stuck)
		if !p.task("1").Begun {
			w.Error("a refusal alone says nothing about what was done before it")
		}
		err = &access.Failure{Class: access.Rejected, Nothing: true, Sentence: "Jira refuses it"}
		p.update(func(u *engine.Unit) error { return u.Expedite("1") })
		p.state("1", store.Stuck)
		if p.task("1").Begun {
			w.Error("nothing was done, and it is said to have begun")
		}
	})
}

func TestWhatCantWorkIsParkedUntilAHumanAsks(t *testing.T) {
	in(t, func(w *world) {
		var err error = &access.Failure{Class: access.Rejected, Sentence: "There is no such field"}
		w.failing("work", &err)
		w.tables.Default = w.told()
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work"})
		p.pass(time.Hour)
		p.state("1", store.Stuck)
		w.expect("1")
		if p.story() != "1: There is no such field" {
			w.Errorf("told %q", p.story())
		}
		p.update(func(u *engine.Unit) error { return u.Expedite("1") })
		w.expect("1")
		p.state("1", store.Stuck)
		if p.task("1").Attempts != 1 {
			w.Errorf("it is at attempt %d", p.task("1").Attempts)
		}
	})
}

func TestOtherWaysToPark(t *testing.T) {
	in(t, func(w *world) {
		var never error = &access.Failure{Class: access.Rejected, Sentence: "There is no such group"}
		var denied error = &access.Failure{Class: access.Denied, Sentence: "The token may not"}
		w.failing("add", &never)
		w.failing("add later", &denied)
		w.failing("remove", &never)
		add, remove := w.told(), w.told()
		add.Parking, remove.Parking, remove.Slow = engine.ParkNoun, engine.ParkSlow, 5*time.Minute
		w.tables.Failures["add"], w.tables.Failures["add later"], w.tables.Failures["remove"] = add, add, remove
		p := w.run()
		p.enqueue(store.Task{ID: "a", Kind: "add"}, store.Task{ID: "l", Kind: "add later"}, store.Task{ID: "r", Kind: "remove"})
		p.state("a", "")
		p.state("l", store.Ready)
		p.state("r", store.Ready)
		w.noted()
		denied = nil
		p.pass(time.Hour)
		p.state("l", "")
		if n := len(w.noted()); n != 12+1 {
			w.Errorf("%d attempts in an hour, want the removal every 5 minutes, and the addition once", n)
		}
		if !strings.Contains(p.story(), "a: There is no such group") {
			w.Errorf("told %q", p.story())
		}
	})
}

func TestSomeFailuresAreToldAtOnce(t *testing.T) {
	in(t, func(w *world) {
		err := errDown
		w.failing("work", &err)
		policy := w.told()
		policy.Attempts = 3
		policy.Soon = func(_ *engine.Unit, t store.Task, _ *access.Failure) (bool, error) {
			return strings.HasPrefix(t.ID, "emergency") && t.Attempts == 1, nil
		}
		w.tables.Failures["work"] = policy
		p := w.run()
		p.enqueue(store.Task{ID: "emergency", Kind: "work"}, store.Task{ID: "normal", Kind: "work"})
		if got := p.story(); got != "emergency: Something went wrong on the way" {
			w.Errorf("told %q", got)
		}
	})
}

func TestUnknownKindsAreSetAside(t *testing.T) {
	in(t, func(w *world) {
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "from the future"})
		p.state("1", store.Stuck)
		if !strings.Contains(p.task("1").Problem, `"from the future"`) {
			w.Errorf("it says %q", p.task("1").Problem)
		}
	})
	in(t, func(w *world) { // another process may know it
		w.store = shared{w.store}
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "from the future"})
		p.state("1", store.Ready)
		w.handle("from the future", func(context.Context, store.Task) (engine.Outcome, error) { return nil, nil })
		newer := w.process("two", w.clock).start()
		newer.pass(10 * time.Minute)
		p.state("1", "")
	})
}

func TestAHandlerThatPanicsStopsNothingElse(t *testing.T) {
	in(t, func(w *world) {
		w.handle("panics", func(context.Context, store.Task) (engine.Outcome, error) { panic("on purpose") })
		w.handle("panics later", func(context.Context, store.Task) (engine.Outcome, error) {
			return func(*engine.Unit) error { panic("on purpose") }, nil
		})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return nil, nil
		})
		w.tables.Default = w.told()
		p := w.run()
		p.enqueue(store.Task{ID: "p", Kind: "panics"}, store.Task{ID: "l", Kind: "panics later"}, store.Task{ID: "w", Kind: "work"})
		for _, id := range []string{"p", "l"} {
			p.state(id, store.Stuck)
			if problem := p.task(id).Problem; !strings.Contains(problem, "fault of its own") || strings.Contains(problem, "on purpose") {
				w.Errorf("%s says %q", id, problem)
			}
			if !strings.Contains(p.story(), id+": ") {
				w.Errorf("nobody was told of %s", id)
			}
		}
		w.expect("w")
		if n := p.engine.Stats().Panics; n != 2 {
			w.Errorf("%d panics were counted", n)
		}
	})
}

// TestAPoisonedTaskIsNeverLost has policies that can't tell of a failure: they
// fail, and they panic.
func TestAPoisonedTaskIsNeverLost(t *testing.T) {
	in(t, func(w *world) {
		var err error = &access.Failure{Class: access.Rejected, Sentence: "It can't work"}
		fails := func(*engine.Unit, store.Task, *access.Failure) error { return store.ErrNotFound }
		for kind, policy := range map[string]engine.Policy{
			"fails":   {Tell: fails},
			"panics":  {Tell: func(*engine.Unit, store.Task, *access.Failure) error { panic("on purpose") }},
			"noun":    {Tell: fails, Parking: engine.ParkNoun},
			"removal": {Tell: fails, Parking: engine.ParkSlow},
			"soon":    {Soon: func(*engine.Unit, store.Task, *access.Failure) (bool, error) { return false, errDown }},
		} {
			w.failing(kind, &err)
			w.tables.Failures[kind] = policy
		}
		p := w.run()
		for kind := range w.tables.Failures {
			p.enqueue(store.Task{ID: kind, Kind: kind})
		}
		for _, kind := range []string{"fails", "panics", "noun", "soon"} {
			p.state(kind, store.Stuck)
		}
		p.state("removal", store.Ready)
		w.noted()
		p.pass(10 * time.Minute)
		if got := w.noted(); len(got) < 4 || slices.Contains(got, "fails") {
			w.Errorf("then %q was tried", got)
		}
	})
}

func TestAStuckHeadHoldsUpItsLaneOnly(t *testing.T) {
	in(t, func(w *world) {
		var never error = &access.Failure{Class: access.Rejected, Sentence: "There is no such field"}
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			if t.ID == "a1" {
				return nil, never
			}
			return nil, nil
		})
		p := w.run()
		p.enqueue(store.Task{ID: "a1", Kind: "work", Lane: "a"}, store.Task{ID: "a2", Kind: "work", Lane: "a"}, store.Task{ID: "a3", Kind: "work", Lane: "a"})
		p.enqueue(store.Task{ID: "b1", Kind: "work", Lane: "b"}, store.Task{ID: "b2", Kind: "work", Lane: "b"})
		p.pass(time.Hour)
		w.expect("a1", "b1", "b2")
		never = nil
		p.update(func(u *engine.Unit) error { return u.Expedite("a1") })
		w.expect("a1", "a2", "a3")
	})
}

func TestOfOneLockOnlyOneRuns(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("begin %s", t.ID)
			<-goOn
			w.note("end %s", t.ID)
			return nil, nil
		})
		p := w.run()
		p.enqueue(store.Task{ID: "1", Kind: "work", Lock: "maya"}, store.Task{ID: "2", Kind: "work", Lock: "maya"})
		p.pass(time.Second) // it is looked for in vain
		w.expect("begin 1")
		goOn <- struct{}{}
		synctest.Wait()
		w.expect("end 1", "begin 2")
		p.update(func(u *engine.Unit) error { return u.Expedite("2") }) // under way: left alone
		p.update(func(u *engine.Unit) error { return u.Drop("2") })
		close(goOn)
		synctest.Wait()
		w.expect("end 2")
		if err := p.units.Update(w.Context(), func(u *engine.Unit) error { return u.Expedite("2") }); !errors.Is(err, store.ErrNotFound) {
			w.Errorf("a task that is gone was expedited: %v", err)
		}
	})
}

func TestRemovalsHaveSlotsOfTheirOwn(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			<-goOn
			return nil, nil
		})
		p := w.run() // 4 slots, and 2 for removals
		for _, id := range []string{"a1", "a2", "a3", "a4", "a5"} {
			p.enqueue(store.Task{ID: id, Kind: "work", Priority: store.Additions})
		}
		w.expect("a1", "a2", "a3", "a4")
		for _, id := range []string{"r1", "r2", "r3"} {
			p.enqueue(store.Task{ID: id, Kind: "work", Priority: store.Removals})
		}
		w.expect("r1", "r2")
		close(goOn)
		synctest.Wait()
		if got := w.noted(); len(got) != 2 || !slices.Contains(got, "r3") || !slices.Contains(got, "a5") {
			w.Errorf("then ran %q", got)
		}
	})
}

func TestStoppingFinishesWhatWasBegun(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.handle("short", func(ctx context.Context, t store.Task) (engine.Outcome, error) {
			<-goOn
			return nil, ctx.Err()
		})
		w.tables.Handlers["long"] = engine.Handler{Restarts: true, Timeout: time.Hour, Do: func(ctx context.Context, t store.Task) (engine.Outcome, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		p := w.run()
		p.enqueue(store.Task{ID: "short", Kind: "short"}, store.Task{ID: "long", Kind: "long"})
		go p.stop()
		synctest.Wait()
		close(goOn)
		synctest.Wait()
		p.state("short", "")
		if k := p.task("long"); k.State != store.Ready || k.Attempts != 0 {
			w.Errorf("what begins anew is %+v", k)
		}
	})
}

func TestAStartTakesAbandonedClaimsOver(t *testing.T) {
	in(t, func(w *world) {
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s begun %v", t.ID, t.Begun)
			return nil, nil
		})
		dead := w.process("dead", w.clock)
		dead.enqueue(store.Task{ID: "1", Kind: "work"})
		err := w.store.Update(w.Context(), func(tx store.Tx) error {
			_, err := tx.Claim(store.Claim{Queue: "q", Owner: "dead", At: w.clock.Now(), Until: w.clock.Now().Add(time.Hour), Limit: 1})
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
		w.run()
		w.expect("1 begun true")
	})
}

// Whether they were there at the start or come later.
func TestTasksOfAQueueThatIsGoneAreShown(t *testing.T) {
	in(t, func(w *world) {
		var gone error = &access.Failure{Class: access.Rejected, Sentence: "It is not configured any more"}
		w.failing("work", &gone)
		w.tables.Default = w.told()
		early := w.process("early", w.clock)
		early.enqueue(store.Task{ID: "1", Kind: "work", Queue: "gone"})
		p := w.run()
		p.state("1", store.Stuck)
		p.enqueue(store.Task{ID: "2", Kind: "work", Queue: "gone too"}, store.Task{ID: "3", Kind: "work", Queue: "gone"})
		p.state("2", store.Stuck)
		p.state("3", store.Stuck)
		if said := p.story(); strings.Count(said, "It is not configured any more") != 3 {
			w.Errorf("told %q", said)
		}
		p.update(func(u *engine.Unit) error { return u.Expedite("2") })
		if tried := w.noted(); len(tried) != 4 || tried[0] != "1" || tried[3] != "2" {
			w.Errorf("tried %q", tried)
		}
	})
}

// TestATaskThatHangsIsBrokenOff: its time is bounded, and others go on meanwhile.
func TestATaskThatHangsIsBrokenOff(t *testing.T) {
	in(t, func(w *world) {
		w.tables.Handlers["hangs"] = engine.Handler{Timeout: 5 * time.Minute, Do: func(ctx context.Context, t store.Task) (engine.Outcome, error) {
			<-ctx.Done()
			w.note("%s broken off", t.ID)
			return nil, ctx.Err()
		}}
		w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
			w.note("%s", t.ID)
			return nil, nil
		})
		p := w.run()
		p.enqueue(store.Task{ID: "h", Kind: "hangs"})
		p.enqueue(store.Task{ID: "w", Kind: "work"})
		w.expect("w")
		<-time.After(6 * time.Minute) // the bubble's time, which bounds it
		synctest.Wait()
		w.expect("h broken off")
		if k := p.task("h"); k.State != store.Ready || k.Attempts != 1 || k.Problem == "" {
			w.Errorf("it is %+v", k)
		}
	})
}
