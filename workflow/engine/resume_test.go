package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// denying has tasks of the kind "work" denied as long as the token is dead, and
// those in never even after that.
func denying(w *world, dead *bool, never ...string) {
	policy := w.told()
	policy.Recovered = func(u *engine.Unit, t store.Task) error { return stir(u, "recovered "+t.ID) }
	w.tables.Default = policy
	w.handle("work", func(_ context.Context, t store.Task) (engine.Outcome, error) {
		w.note("%s", t.ID)
		if *dead || slices.Contains(never, t.ID) {
			return nil, &access.Failure{Class: access.Denied, Sentence: "The token is dead"}
		}
		return nil, nil
	})
}

func crowd(n int) (all []store.Task) {
	for i := range n {
		all = append(all, store.Task{ID: fmt.Sprintf("t%03d", i), Kind: "work"})
	}
	return all
}

// A token that is dead is not hammered at, and when it works again everything goes
// on, although nobody asks for it.
func TestWhatWasDeniedGoesOnByItself(t *testing.T) {
	in(t, func(w *world) {
		dead := true
		denying(w, &dead)
		p := w.run()
		p.enqueue(crowd(300)...)
		p.state("t000", store.Stuck)
		told := strings.Count(p.story(), "The token is dead")
		w.noted()
		p.pass(time.Hour)
		if n := len(w.noted()); n < 20 || n > 2*61 {
			w.Errorf("%d attempts in an hour with a dead token", n)
		}
		if again := strings.Count(p.story(), "The token is dead"); told != 300 || again != told {
			w.Errorf("told %d times, then %d", told, again)
		}
		p.state("t299", store.Stuck)
		dead = false
		p.pass(5 * time.Minute)
		if n := len(w.noted()); n != 300 {
			w.Errorf("%d attempts with a good one", n)
		}
		for _, task := range crowd(300) {
			p.state(task.ID, "")
		}
		if n := strings.Count(p.story(), "recovered"); n != 300 {
			w.Errorf("%d tasks took back what was told", n)
		}
	})
}

// New work that works is a hint that the rest may work, too.
func TestNewWorkResumesWhatWasDenied(t *testing.T) {
	in(t, func(w *world) {
		dead := true
		denying(w, &dead)
		p := w.run()
		p.enqueue(crowd(20)...)
		p.pass(time.Hour)
		dead = false
		w.noted()
		p.enqueue(store.Task{ID: "new", Kind: "work"})
		if n := len(w.noted()); n != 21 {
			w.Errorf("%d attempts at once, want all", n)
		}
	})
}

// What stays denied takes its turn and keeps nothing else from its own.
func TestWhatStaysDeniedIsInNobodysWay(t *testing.T) {
	in(t, func(w *world) {
		dead := true
		denying(w, &dead, "t000", "t001", "t002", "t003")
		p := w.run()
		p.enqueue(crowd(40)...)
		dead = false
		p.pass(time.Hour)
		w.noted()
		for i := range 40 {
			p.state(fmt.Sprintf("t%03d", i), map[bool]store.TaskState{true: store.Stuck}[i < 4])
		}
		for i := range 50 { // a busy hour
			p.enqueue(store.Task{ID: fmt.Sprintf("new%d", i), Kind: "work"})
			p.pass(time.Minute)
		}
		if n := len(w.noted()); n > 50+4*60 {
			w.Errorf("%d attempts", n)
		}
		p.update(func(u *engine.Unit) error { return u.Expedite("t000") }) // a human may ask at any time
		w.expect("t000")
	})
}

// A process that is started anew goes on with it.
func TestWhatWasDeniedIsNotForgottenByAStart(t *testing.T) {
	in(t, func(w *world) {
		dead := true
		denying(w, &dead)
		p := w.run()
		p.enqueue(crowd(3)...)
		p.stop()
		dead = false
		p = w.run()
		p.pass(2 * time.Minute)
		p.state("t000", "")
		p.state("t002", "")
	})
}

// A service that denied something may be found to work again while the one who asked
// still puts that aside.
func TestWhatIsDeniedWhileTheServiceIsFoundToWorkIsTriedAtOnce(t *testing.T) {
	in(t, func(w *world) {
		goOn := make(chan struct{})
		w.handle("work", deniedOnce(goOn))
		p := w.run()
		p.enqueue(crowd(1)...)
		p.engine.Resume("q")
		close(goOn)
		synctest.Wait()
		p.state("t000", "")
	})
}

// A denial is as old as its question: the clock may jump while one waits for the answer.
func TestWhatWasDeniedBeforeAJumpOfTheClockIsTriedAfterIt(t *testing.T) {
	for _, parking := range []engine.Parking{engine.ParkTask, engine.ParkSlow, engine.ParkNoun} {
		in(t, func(w *world) {
			goOn := make(chan struct{})
			w.tables.Default = engine.Policy{Parking: parking}
			w.handle("work", deniedOnce(goOn))
			p := w.run()
			p.enqueue(crowd(1)...)
			p.clock.Set(p.clock.Now().Add(10 * time.Minute))
			synctest.Wait()
			close(goOn)
			synctest.Wait()
			p.state("t000", "")
		})
	}
}

// What is tried again and taken back meanwhile keeps nothing else from being tried.
func TestWhatIsTakenBackWhileItIsTriedAgainIsInNobodysWay(t *testing.T) {
	in(t, func(w *world) {
		w.config.Queues = map[string]int{"q": 1}
		dead := true
		denying(w, &dead)
		over := make(chan struct{})
		w.handle("long", func(context.Context, store.Task) (engine.Outcome, error) {
			<-over
			return nil, &access.Failure{Class: access.Rejected, Sentence: "No"}
		})
		p := w.run()
		for _, task := range append(crowd(4), store.Task{ID: "long", Kind: "long"}) {
			task.Priority = store.Notices // no removals: they would be done beside
			p.enqueue(task)
		}
		p.pass(6 * time.Minute)
		p.state("t000", store.Ready)
		p.state("t001", store.Ready)
		p.update(func(u *engine.Unit) error { return errors.Join(u.Drop("t000"), u.Drop("t001")) })
		dead = false
		close(over)
		p.pass(6 * time.Minute)
		p.state("t002", "")
		p.state("t003", "")
	})
}

// Whoever asks to try again while an attempt is under way gets one that began after that.
func TestWhatIsAskedForDuringAnAttemptFollowsIt(t *testing.T) {
	for _, class := range []access.Class{access.Denied, access.Rejected, access.Transient} {
		in(t, func(w *world) {
			goOn, tries := make(chan struct{}), 0
			w.handle("work", func(context.Context, store.Task) (engine.Outcome, error) {
				if tries++; tries > 1 {
					return nil, nil
				}
				<-goOn
				return nil, &access.Failure{Class: class, Sentence: "No"}
			})
			p := w.run()
			p.enqueue(crowd(1)...)
			p.update(func(u *engine.Unit) error { return u.Expedite("t000") })
			close(goOn)
			synctest.Wait()
			p.state("t000", "")
		})
	}
}

// deniedOnce is denied, once it may go on, and works from then on.
func deniedOnce(goOn <-chan struct{}) func(context.Context, store.Task) (engine.Outcome, error) {
	tries := 0
	return func(context.Context, store.Task) (engine.Outcome, error) {
		if tries++; tries > 1 {
			return nil, nil
		}
		<-goOn
		return nil, &access.Failure{Class: access.Denied, Sentence: "The token is dead"}
	}
}
