package engine_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/synctest"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// tally counts what a process is told to have done.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *tally) add(what string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[what] += n
}

func (c *tally) Happened(_ context.Context, h engine.Happened) {
	for _, e := range h.Events {
		c.add(string(e.Kind), 1)
		if g, ok := h.Grant(e.Grant); ok {
			c.add("of a grant that is "+string(g.State), 1)
		}
	}
}
func (c *tally) Claimed(queue string, n int)              { c.add("claimed of "+queue, n) }
func (c *tally) Attempted(t store.Task, how engine.Ended) { c.add(t.Kind+" "+string(how), 1) }

// What a process did is counted once, however often its units run, and what it was refused isn't.
func TestAProcessCountsWhatItDid(t *testing.T) {
	in(t, func(w *world) {
		count := &tally{}
		w.watch = count
		refused := error(&access.Failure{Class: access.Denied, Sentence: "No."})
		w.failing("refused", &refused)
		w.handle("told", func(context.Context, store.Task) (engine.Outcome, error) {
			return func(u *engine.Unit) error {
				g := access.Grant{ID: "G-1", State: access.GrantActive}
				return engine.Begin(u, engine.Grants(), &g, g.Event(access.EventAdopted, access.System(), u.At))
			}, nil
		})
		p := w.run()
		defer p.stop()
		p.enqueue(store.Task{ID: "1", Queue: "q", Kind: "told"}, store.Task{ID: "2", Queue: "q", Kind: "refused"})
		no := errors.New("no")
		if err := p.units.Update(context.Background(), func(u *engine.Unit) error {
			g := access.Grant{ID: "G-2"}
			return errors.Join(engine.Begin(u, engine.Grants(), &g, g.Event(access.EventAdopted, access.System(), u.At)), no)
		}); !errors.Is(err, no) {
			w.Fatal(err)
		}
		want := map[string]int{"claimed of q": 2, "told done": 1, "refused denied": 1, string(access.EventAdopted): 1, "of a grant that is active": 1}
		count.mu.Lock()
		defer count.mu.Unlock()
		if !maps.Equal(count.counts, want) {
			w.Errorf("counted: %v\nwant:    %v", count.counts, want)
		}
	})
}

// Who finds a task taken over has not done it.
func TestATaskThatWasTakenOverIsCountedByWhoDidIt(t *testing.T) {
	in(t, func(w *world) {
		counts := map[string]*tally{}
		still, first := make(chan struct{}), true
		w.handle("work", func(context.Context, store.Task) (engine.Outcome, error) {
			w.mu.Lock()
			stands := first
			first = false
			w.mu.Unlock()
			if stands {
				<-still
			}
			return nil, nil
		})
		w.store = shared{w.store}
		begin := func(owner string) *process {
			counts[owner] = &tally{}
			w.watch = counts[owner]
			return w.process(owner, clocktest.New(w.clock.Now()))
		}
		a, b := begin("a"), begin("b")
		a.start()
		a.enqueue(store.Task{ID: "1", Kind: "work"})
		b.clock.Set(b.clock.Now().Add(engine.Settled))
		b.start()
		close(still)
		synctest.Wait()
		a.stop()
		b.stop()
		for owner, want := range map[string]map[string]int{"a": {"claimed of q": 1, "work taken_over": 1}, "b": {"claimed of q": 1, "work done": 1}} {
			if got := counts[owner].counts; !maps.Equal(got, want) {
				w.Errorf("%s: %v, want %v", owner, got, want)
			}
		}
	})
}
