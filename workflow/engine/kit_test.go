package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock stands still unless it is set.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits map[*wait]bool
}

type wait struct {
	at  time.Time
	due chan struct{}
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), waits: map[*wait]bool{}}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Until(t time.Time) (<-chan struct{}, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &wait{t, make(chan struct{})}
	if !t.After(c.now) {
		close(w.due)
		return w.due, func() {}
	}
	c.waits[w] = true
	return w.due, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waits, w)
	}
}

// set moves the clock, also backwards.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
	for w := range c.waits {
		if !w.at.After(t) {
			close(w.due)
			delete(c.waits, w)
		}
	}
}

// next is the earliest time somebody waits for.
func (c *clock) next() (at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for w := range c.waits {
		if !ok || w.at.Before(at) {
			at, ok = w.at, true
		}
	}
	return at, ok
}

// shared makes a store look like one that several processes have open.
type shared struct{ store.Store }

func (shared) Exclusive() bool { return false }

// world is a store, a clock and the tables of one test. Every update of it runs
// its function twice.
type world struct {
	*testing.T
	clock   *clock
	store   store.Store
	effects map[access.EffectKind]engine.EffectFunc
	apart   []access.EffectKind
	config  engine.Config
	tables  engine.Tables

	mu  sync.Mutex
	did []string
}

// in runs a test in a bubble, in which settled means that nobody has anything
// left to do.
func in(t *testing.T, fn func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		s := bolttest.Open(t)
		fn(&world{T: t, clock: newClock(), store: storetest.Twice(s),
			effects: map[access.EffectKind]engine.EffectFunc{},
			config:  engine.Config{Queues: map[string]int{"q": 4}},
			tables:  engine.Tables{Handlers: map[string]engine.Handler{}, Failures: map[string]engine.Policy{}}})
	})
}

// note remembers that something happened.
func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, fmt.Sprintf(format, args...))
}

// noted returns what happened since it was asked last.
func (w *world) noted() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	did := w.did
	w.did = nil
	return did
}

func (w *world) expect(want ...string) {
	w.Helper()
	if got := w.noted(); !slices.Equal(got, want) {
		w.Fatalf("what happened: %q\nwhat should:   %q", got, want)
	}
}

// handle sets who carries tasks of a kind out.
func (w *world) handle(kind string, do engine.HandlerFunc) {
	w.tables.Handlers[kind] = engine.Handler{Do: do}
}

// failing handles a kind by failing with whatever *err is.
func (w *world) failing(kind string, err *error) {
	w.handle(kind, func(_ context.Context, t store.Task) (engine.Outcome, error) {
		w.note("%s", t.ID)
		return nil, *err
	})
}

// process is one process on the world's store.
type process struct {
	*world
	clock  *clock
	units  *engine.Units
	engine *engine.Engine
	stop   func()
}

// process makes one that doesn't run yet.
func (w *world) process(owner string, c *clock) *process {
	w.Helper()
	units := engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: c, Owner: owner, Effects: w.effects, Apart: w.apart, Logger: slog.New(slog.DiscardHandler),
		ShareOf: func(_ *engine.Unit, t store.Task) (string, error) { return t.Subject.ID, nil }})
	e, err := engine.New(units, w.config, w.tables)
	if err != nil {
		w.Fatal(err)
	}
	return &process{world: w, clock: c, units: units, engine: e}
}

// run starts a process and waits until it has nothing to do.
func (w *world) run() *process {
	w.Helper()
	return w.process("one", w.clock).start()
}

func (p *process) start() *process {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.engine.Run(ctx)
	}()
	p.stop = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	p.Cleanup(p.stop)
	synctest.Wait()
	return p
}

// pass lets time go by, stopping wherever somebody waits for.
func (p *process) pass(d time.Duration) {
	end := p.clock.Now().Add(d)
	for {
		synctest.Wait()
		at, ok := p.clock.next()
		if !ok || at.After(end) {
			break
		}
		p.clock.set(at)
	}
	p.clock.set(end)
	synctest.Wait()
}

func (p *process) update(fn func(*engine.Unit) error) {
	p.Helper()
	if err := p.units.Update(context.Background(), fn); err != nil {
		p.Fatal(err)
	}
	synctest.Wait()
}

// enqueue queues tasks; those without a queue go to q.
func (p *process) enqueue(tasks ...store.Task) {
	p.Helper()
	p.update(func(u *engine.Unit) error {
		for _, t := range tasks {
			if t.Queue == "" {
				t.Queue = "q"
			}
			if _, err := u.Enqueue(t); err != nil {
				return err
			}
		}
		return nil
	})
}

// task is how a task stands; its state is "" when it is gone.
func (p *process) task(id string) (t store.Task) {
	p.Helper()
	err := p.units.View(context.Background(), func(tx store.Tx) (err error) {
		t, err = tx.Task(id)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		p.Fatal(err)
	}
	return t
}

func (p *process) state(id string, want store.TaskState) {
	p.Helper()
	if t := p.task(id); t.State != want {
		p.Fatalf("task %s is %q (%s), want %q", id, t.State, t.Problem, want)
	}
}
