package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/access/searchtest"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// pair is the model of the queue that the search uses, beside the real one.
type pair struct {
	*process
	rand  *rand.Rand
	model searchtest.Queue
	owner string

	rerun map[string]bool // tasks that somebody wanted tried while they were under way
}

// some is a task of a small world.
func (p *pair) some() searchtest.Task {
	return searchtest.Task{Kind: searchtest.TaskKind(1 + p.rand.IntN(6)), Case: uint8(p.rand.IntN(2)), Part: uint8(p.rand.IntN(2))}
}

func (p *pair) find(t searchtest.Task) int { return p.model.Find(t.Kind, t.Case, t.Part) }

func kindOf(t searchtest.Task) string { return fmt.Sprintf("kind-%d", t.Kind) }

// priorities are as different as those of removals, additions and writings.
func priorityOf(t searchtest.Task) store.Priority {
	switch t.Kind {
	case searchtest.Remove:
		return store.Removals
	case searchtest.Add, searchtest.Find:
		return store.Additions
	}
	return store.Writings
}

// alter changes both queues, the real one from within a unit of work.
func (p *pair) alter() {
	t, what := p.some(), p.rand.IntN(4)
	full := p.model.Len() == len(p.model)
	added := false
	switch {
	case what == 1 && p.find(t) < 0, what > 1 && full:
		return
	}
	p.update(func(u *engine.Unit) (err error) {
		switch what {
		case 0:
			return u.Drop(t.ID())
		case 1:
			return u.Expedite(t.ID())
		}
		added, err = u.Enqueue(store.Task{ID: t.ID(), Queue: "q", Kind: kindOf(t), Priority: priorityOf(t), Lane: t.Lane(), Lock: t.Lock()})
		return err
	})
	switch what {
	case 0:
		p.model.Drop(t.Kind, t.Case, t.Part)
	case 1:
		if i := p.find(t); i >= 0 && p.model[i].State == searchtest.Claimed {
			p.rerun[t.ID()] = true
		}
		p.model.Expedite(t.Kind, t.Case, t.Part)
	default:
		if fresh := p.model.Enqueue(t.Kind, t.Case, t.Part); fresh != added {
			p.Fatalf("%s is new: %t, in the model: %t", t.ID(), added, fresh)
		}
	}
}

// agree compares every task there is, or could be.
func (p *pair) agree() {
	p.Helper()
	for kind := searchtest.Open; kind <= searchtest.Remove; kind++ {
		for n := range uint8(4) {
			t := searchtest.Task{Kind: kind, Case: n / 2, Part: n % 2}
			real, state, begun := p.task(t.ID()), store.TaskState(""), false
			if i := p.find(t); i >= 0 {
				state = [...]store.TaskState{store.Ready, store.Claimed, store.Stuck}[p.model[i].State]
				begun = p.model[i].Begun
			}
			if real.State != state || real.Begun != begun {
				p.Fatalf("task %s is %q (begun: %t), in the model %q (begun: %t)", t.ID(), real.State, real.Begun, state, begun)
			}
		}
	}
}

// claimed are the model's tasks that are under way.
func (p *pair) claimed() (all []searchtest.Task) {
	for _, t := range p.model {
		if t.Kind != 0 && t.State == searchtest.Claimed {
			all = append(all, t)
		}
	}
	return all
}

func (p *pair) claimable() (all []searchtest.Task) {
	for i, t := range p.model {
		if p.model.Claimable(i) {
			all = append(all, t)
		}
	}
	return all
}

func (p *pair) direct(fn func(store.Tx) error) {
	p.Helper()
	if err := p.store.Update(context.Background(), fn); err != nil {
		p.Fatal(err)
	}
}

// claim has a worker of the present owner take one task, if there is any.
func (p *pair) claim() {
	var got []store.Task
	p.direct(func(tx store.Tx) (err error) {
		now := p.clock.Now()
		got, err = tx.Claim(store.Claim{Queue: "q", Owner: p.owner, At: now, Until: now.Add(time.Minute), Limit: 1})
		return err
	})
	could := p.claimable()
	if len(got) == 0 && len(could) > 0 {
		p.Fatalf("nothing can be claimed, in the model %v", could)
	}
	for _, t := range could {
		if len(got) > 0 && t.ID() == got[0].ID {
			if begun := p.model.Claim(p.find(t)); begun != got[0].Begun {
				p.Fatalf("%s was begun before: %t, in the model: %t", t.ID(), got[0].Begun, begun)
			}
			return
		}
	}
	if len(got) > 0 {
		p.Fatalf("%s was claimed, in the model %v could be", got[0].ID, could)
	}
}

// conclude ends one task that is under way: it is done, ready again or stuck.
func (p *pair) conclude() {
	under := p.claimed()
	if len(under) == 0 {
		return
	}
	t := under[p.rand.IntN(len(under))]
	how, nothing := p.rand.IntN(3), p.rand.IntN(2) == 0
	p.direct(func(tx store.Tx) error {
		if how == 0 {
			return tx.Done(t.ID(), p.owner)
		}
		real, err := tx.Task(t.ID())
		if err != nil {
			return err
		}
		if real.State = store.Ready; how == 1 {
			real.State = store.Stuck
		}
		real.Begun = real.Begun && !nothing
		return tx.Requeue(real)
	})
	switch i := p.find(t); how {
	case 0:
		p.model.Done(i)
	case 1:
		p.model.Requeue(i, searchtest.Stuck, nothing)
	default:
		p.model.Requeue(i, searchtest.Ready, nothing)
	}
}

// die ends the process without a word; the next one finds its claims, at once or when
// they have run out.
func (p *pair) die(n int) {
	p.owner = fmt.Sprintf("process-%d", n)
	p.model.Crash()
	if p.rand.IntN(2) == 0 {
		p.clock.Set(p.clock.Now().Add(2 * time.Minute))
		p.claim()
		return
	}
	p.direct(func(tx store.Tx) error {
		_, err := tx.Release("q", p.owner)
		return err
	})
}

// TestTheModelIsTheQueue walks at random through what can be done to durable work, in
// the store and in the model of it that the search uses.
func TestTheModelIsTheQueue(t *testing.T) {
	for seed := range uint64(30) {
		in(t, func(w *world) {
			p := &pair{process: w.process("process", w.clock), rand: rand.New(rand.NewPCG(seed, 1)), owner: "process", rerun: map[string]bool{}}
			for n := range 80 {
				switch p.rand.IntN(12) {
				case 0, 1, 2, 3:
					p.claim()
				case 4, 5, 6:
					p.conclude()
				case 7:
					p.die(n)
				default:
					p.alter()
				}
				p.agree()
			}
		})
	}
}

// gates let a test decide how each task that is under way ends.
type gates struct {
	mu   sync.Mutex
	open map[string]chan error
}

func (g *gates) of(id string) chan error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open[id] == nil {
		g.open[id] = make(chan error)
	}
	return g.open[id]
}

// settled takes over which tasks the engine has under way by now: each has to be one
// that the model lets go first, and none may be left that it would.
func (p *pair) settled() {
	p.Helper()
	synctest.Wait()
	for again := true; again; {
		again = false
		for _, t := range p.claimable() {
			if p.task(t.ID()).State == store.Claimed {
				p.model.Claim(p.find(t))
				again = true
			}
		}
	}
	if left := p.claimable(); len(left) > 0 {
		p.Fatalf("the engine has not begun %v", left)
	}
	p.agree()
}

// TestTheModelIsTheEngine does the same to an engine that runs, with as many workers as
// there is work.
func TestTheModelIsTheEngine(t *testing.T) {
	for seed := range uint64(20) {
		in(t, func(w *world) {
			g := &gates{open: map[string]chan error{}}
			for kind := searchtest.Open; kind <= searchtest.Remove; kind++ {
				w.handle(kindOf(searchtest.Task{Kind: kind}), func(_ context.Context, t store.Task) (engine.Outcome, error) { return nil, <-g.of(t.ID) })
			}
			w.config.Queues["q"] = 100
			p := &pair{process: w.run(), rand: rand.New(rand.NewPCG(seed, 2)), rerun: map[string]bool{}}
			for range 40 {
				if under := p.claimed(); len(under) > 0 && p.rand.IntN(2) == 0 {
					p.end(g, under[p.rand.IntN(len(under))])
				} else {
					p.alter()
				}
				p.settled()
			}
			for under := p.claimed(); len(under) > 0; under = p.claimed() {
				p.finish(g, under[0])
				p.settled()
			}
		})
	}
}

func (p *pair) finish(g *gates, t searchtest.Task) {
	g.of(t.ID()) <- nil
	p.model.Done(p.find(t))
}

// afterRefusal is how a task stands whose attempt was refused: it waits for a human, or
// is tried once more at once if somebody asked for it meanwhile.
func (p *pair) afterRefusal(t searchtest.Task) searchtest.TaskState {
	if p.rerun[t.ID()] {
		return searchtest.Ready
	}
	return searchtest.Stuck
}

// end ends one task that is under way, in one of the ways there are.
func (p *pair) end(g *gates, t searchtest.Task) {
	defer delete(p.rerun, t.ID())
	how := p.rand.IntN(3)
	if p.task(t.ID()).Attempts > 2 {
		how = 2 // the next attempt would be too far away
	}
	switch how {
	case 0:
		g.of(t.ID()) <- &access.Failure{Class: access.Rejected, Sentence: "It can't be done"}
		p.model.Requeue(p.find(t), p.afterRefusal(t), false)
	case 1:
		g.of(t.ID()) <- errors.New("it doesn't work just now")
		synctest.Wait()
		p.model.Requeue(p.find(t), searchtest.Ready, false)
		p.pass(5 * time.Second)
	default:
		p.finish(g, t)
	}
}
