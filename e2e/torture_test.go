package e2e

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/sandbox/slack"
)

// leastKills is how often the bot dies in the bounded form.
const leastKills = 240

// TestTorture kills the bot at every point of its work in turn, then at random
// under load while the vendors misbehave and the world is hostile, and each time
// starts it again. When it is over, the emulated services and the event log must be
// as if nobody had ever been killed. TORTURE_KILLS makes it longer.
func TestTorture(t *testing.T) {
	t.Parallel()
	kills := leastKills
	if n, err := strconv.Atoi(os.Getenv("TORTURE_KILLS")); err == nil {
		kills = max(n, 1)
	}
	seed := torturedBy()
	var usual map[access.EventKind][]string
	if !t.Run("in peace", func(t *testing.T) { usual = peace(t) }) {
		return
	}

	w := newTorture(t, 2*time.Minute+time.Duration(kills)*3*time.Second)
	over, running := w.live()
	w.everyPoint()
	points := len(w.killed)
	w.atRandom(kills, rand.New(rand.NewPCG(seed, seed)))
	over()
	if err := <-running; err != nil {
		t.Fatal(err)
	}
	a := w.judge(t)
	a.audiences = usual
	fmt.Printf("kills: %d, at %d points in turn, then at random under load\nfaults: %d\n", w.kills, points, w.faults)
	fmt.Printf("requests: %d, events: %d\n", len(a.lifecycles), len(a.events))
	report(t, a)
	w.hostile.report(t, kills)
	if w.gaveUp > 0 {
		t.Errorf("the bot ended by itself %d times", w.gaveUp)
	}
	if t.Failed() {
		t.Logf("the end of the bot's log:\n%s", w.tail())
	}
}

// torturedBy is what chance goes by.
func torturedBy() uint64 {
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("TORTURE_SEED"), 10, 64); err == nil {
		seed = n
	}
	fmt.Printf("torture: TORTURE_SEED=%d\n", seed)
	return seed
}

// peace plays every scenario without a kill, to learn which comments are usual.
func peace(t *testing.T) map[access.EventKind][]string {
	t.Helper()
	w := newTorture(t, 2*time.Minute)
	over, running := w.live()
	w.play(w.scenarios()...)
	over()
	if err := <-running; err != nil {
		t.Fatal(err)
	}
	a := w.judge(t)
	for _, inv := range invariants() {
		for _, v := range inv.check(a) {
			t.Errorf("without a single kill: %s: %s", inv.name, v)
		}
	}
	if t.Failed() {
		t.Fatalf("the harness is wrong, or the bot; its log ends:\n%s", w.tail())
	}
	return a.usualAudiences()
}

func report(t *testing.T, a *aftermath) {
	t.Helper()
	for _, inv := range invariants() {
		found := inv.check(a)
		fmt.Printf("violations: %d  %s\n", len(found), inv.name)
		for _, v := range found[:min(len(found), 20)] {
			t.Errorf("%s: %s", inv.name, v)
		}
	}
}

// live keeps the bots running until over is called.
func (w *torture) live() (over func(), running <-chan error) {
	ctx, over := context.WithCancel(w.ctx)
	done := make(chan error, 1)
	w.helpers.Go(func() {
		ended := make([]error, len(w.bots))
		var all sync.WaitGroup
		for i, r := range w.bots {
			all.Go(func() {
				if ended[i] = w.keep(ctx, r); ended[i] != nil {
					w.stop()
				}
			})
		}
		all.Wait()
		done <- errors.Join(ended...)
	})
	return over, done
}

type plot struct {
	name string
	play func() error
}

// scenarios are all stories, once each, with two people nobody else works with.
func (w *torture) scenarios() []plot {
	w.mu.Lock()
	w.cast++
	n := w.cast
	w.mu.Unlock()
	boss := w.hire(fmt.Sprintf("boss%d", n), "")
	who := w.hire(fmt.Sprintf("pat%d", n), boss.Name)
	with := func(name string, play func(who, approver slack.User) error) plot {
		return plot{name, func() error { return play(who, boss) }}
	}
	return []plot{
		with("given back", w.givenBack), with("ends by time", w.endsByTime), with("said no", w.saidNo),
		with("taken back", w.takenBack), with("manual", w.manual), with("stays", w.stays), with("gets stuck", w.getsStuck),
	}
}

// play plays plots one after the other. One that fails ends it all.
func (w *torture) play(plots ...plot) {
	for _, s := range plots {
		if w.ctx.Err() != nil {
			return
		}
		if err := s.play(); err != nil {
			w.mu.Lock()
			w.halted = append(w.halted, s.name+": "+err.Error())
			w.mu.Unlock()
			fmt.Fprintf(w.log, "---- halted: %s: %v\n", s.name, err)
			w.stop()
			return
		}
	}
}

// everyPoint kills the bot whenever it comes to a point where it has not died
// before, until it plays all scenarios without coming to one.
func (w *torture) everyPoint() {
	for before := -1; before != w.deathToll() && w.ctx.Err() == nil; {
		before = w.deathToll()
		w.setPlan(func(label string) bool { return w.killed[label] == 0 }, nil)
		w.play(w.scenarios()...)
	}
	w.setPlan(nil, nil)
}

func (w *torture) deathToll() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kills
}

func (w *torture) setPlan(plan func(string) bool, onBirth func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plan, w.onBirth, w.most = plan, onBirth, 0
}

// crowd is how many stories go on at once under load, unless the torture says otherwise.
const crowd = 6

// atRandom kills the bot at random points of its lives while a crowd works with
// it, the vendors misbehave and the world is hostile, until it has died often enough.
func (w *torture) atRandom(kills int, r *rand.Rand) {
	left := 1 + r.IntN(250)
	w.setPlan(func(label string) bool {
		if label != atAnyMoment {
			left--
		}
		return (left == 0 || label == atAnyMoment) && w.kills < kills
	}, func() {
		left = 20 + r.IntN(250)
		w.most = time.Duration(300+r.IntN(2500)) * time.Millisecond
		w.cuts.birth(r)
		w.misbehave(r)
		w.hostile.birth(r)
	})
	defer w.openDesk()()
	defer w.standStill()()
	var people sync.WaitGroup
	for range cmp.Or(w.crowd, crowd) {
		people.Go(func() {
			for w.deathToll() < kills && w.ctx.Err() == nil {
				scenarios := w.scenarios()
				w.play(scenarios[:len(scenarios)-1]...) // all but the one that is not for a crowd
			}
		})
	}
	people.Wait()
	w.setPlan(nil, nil)
	w.behave()
	w.hostile.calm()
	w.cuts.calm()
	w.rest()
}

// judge waits until the bot has nothing left to do, and looks.
func (w *torture) judge(t *testing.T) *aftermath {
	t.Helper()
	var a *aftermath
	while := briefly
	if w.cuts != nil {
		while = shared
	}
	for range mostLooks {
		a = w.look()
		if err := a.open(w); err != nil {
			t.Fatal(err)
		}
		if len(a.tasks) == 0 || w.ctx.Err() != nil {
			break
		}
		over, running := w.live()
		w.quiet(while)
		w.retryStuck()
		w.quiet(while)
		over()
		if err := <-running; err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// mostLooks is how often it is looked whether anything is left: a second or two apart, and the pace that a service asks for
// may make the last cards wait for a minute.
const mostLooks = 60

// briefly is how long nothing happens when everything that could be done at once is done.
const briefly = 500 * time.Millisecond

// shared is how long that is where bots begin on a database, and what one had begun is taken
// over by another.
const shared = 3 * time.Second

// quiet waits until nothing changes in the world for a while.
func (w *torture) quiet(while time.Duration) {
	if _, err := w.alive(); err != nil {
		return
	}
	timer := time.NewTimer(while)
	defer timer.Stop()
	for {
		select {
		case <-w.world.Changed():
			timer.Reset(while)
		case <-timer.C:
			return
		case <-w.ctx.Done():
			return
		}
	}
}

// tail is the end of the bot's log.
func (w *torture) tail() string {
	const most = 20_000
	info, err := w.log.Stat()
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(io.NewSectionReader(w.log, max(0, info.Size()-most), most))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
