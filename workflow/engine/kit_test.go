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
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newClock() *clocktest.Clock {
	return clocktest.New(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
}

// shared makes a store look like one that several processes have open.
type shared struct{ store.Store }

func (shared) Exclusive() bool { return false }

// world is a store, a clock and the tables of one test. Every update of it runs
// its function twice.
type world struct {
	*testing.T
	clock   *clocktest.Clock
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
	clock  *clocktest.Clock
	units  *engine.Units
	engine *engine.Engine
	stop   func()
}

// process makes one that doesn't run yet.
func (w *world) process(owner string, c *clocktest.Clock) *process {
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
		at, ok := p.clock.Next()
		if !ok || at.After(end) {
			break
		}
		p.clock.Set(at)
	}
	p.clock.Set(end)
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
