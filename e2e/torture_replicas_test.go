package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"latchkey/store/postgres/postgrestest"
)

// Where the store is in a database, that is killed, fails over to its standby, ends
// sessions and runs out of connections. Several bots that share it stand still for a while,
// too.

const (
	// replicas is how many share a database; leastTogether how often they die in the
	// bounded form, in which the database is left alone.
	replicas      = 3
	leastTogether = 3
)

// TestReplicasTorture kills three bots at random, which share a database and stand still
// from time to time, under load, in a hostile world. TORTURE_KILLS makes it longer; then
// they also die at every point of their work in turn, and the database has its troubles.
func TestReplicasTorture(t *testing.T) {
	t.Parallel()
	kills, long := leastTogether, false
	if n, err := strconv.Atoi(os.Getenv("TORTURE_KILLS")); err == nil {
		kills, long = max(n, 1), true
	}
	seed := torturedBy()
	w := newTortureOf(t, 2*time.Minute+time.Duration(kills)*3*time.Second, replicas, true)
	if !long {
		w.crowd = 1
	}
	over, running := w.live()
	if long {
		w.everyPoint()
	} else {
		w.play(w.scenarios()[0]) // a first start needs all services
	}
	w.atRandom(w.deathToll()+kills, rand.New(rand.NewPCG(seed, seed)))
	over()
	if err := <-running; err != nil {
		t.Error(err)
	}
	a := w.judge(t)
	fmt.Printf("three replicas: kills: %d, pauses: %d, the database: %v\nrequests: %d, events: %d\n", w.kills, w.pauses, w.cuts.done, len(a.lifecycles), len(a.events))
	report(t, a)
	if w.gaveUp > 0 {
		t.Errorf("a bot ended by itself %d times", w.gaveUp)
	}
	if t.Failed() {
		t.Logf("the end of the bots' log:\n%s", w.tail())
	}
}

// onDatabase keeps the store in a database; one that is not spared has a standby.
func (w *torture) onDatabase(t *testing.T) {
	w.cuts = &databaseCuts{w: w, done: map[string]int{}}
	if os.Getenv("TORTURE_KILLS") == "" {
		w.dsn = postgrestest.Start(t).Database(t)
		return
	}
	w.cuts.pair = postgrestest.StartPair(t, "-c", fmt.Sprintf("max_connections=%d", someConnections))
	w.dsn = w.cuts.pair.Database(t)
}

const (
	// stillEvery is how often one of several bots stands still, stillFor how long at most:
	// a claim of three minutes of the world's time runs out after 4.5 seconds. One in
	// stillLong stands still for longer than the database has patience.
	stillEvery   = 700 * time.Millisecond
	stillFor     = 7 * time.Second
	stillLong    = 12
	stillLongest = 20 * time.Second
)

// standStill has one of several bots stand still from time to time (SIGSTOP), as a machine
// does that is moved, and go on as if nothing had been. It ends with what it returns.
func (w *torture) standStill() (enough func()) {
	ctx, end := context.WithCancel(w.ctx)
	if len(w.bots) == 1 {
		return end
	}
	ended := make(chan struct{})
	w.helpers.Go(func() {
		defer close(ended)
		for again := time.NewTicker(stillEvery); ; {
			select {
			case <-ctx.Done():
				again.Stop()
				return
			case <-again.C:
				w.pauseOne()
			}
		}
	})
	return func() { end(); <-ended }
}

// pauseOne stops one bot, if all the others go on.
func (w *torture) pauseOne() {
	w.mu.Lock()
	defer w.mu.Unlock()
	var able []*victim
	for _, r := range w.bots {
		if r.now == nil || r.now.paused {
			return
		}
		if r.now.life.Err() == nil && !r.now.doom {
			able = append(able, r.now)
		}
	}
	if len(able) == 0 || w.spared > 0 {
		return
	}
	v, long := able[rand.IntN(len(able))], time.Duration(rand.Int64N(int64(stillFor)))
	if w.cuts.pair != nil && rand.IntN(stillLong) == 0 {
		long = stillLongest
	}
	if v.cmd.Process.Signal(syscall.SIGSTOP) != nil {
		return // it has just ended
	}
	v.paused = true
	w.pauses++
	fmt.Fprintf(w.log, "---- process %d stands still for %s\n", v.cmd.Process.Pid, long)
	time.AfterFunc(long, func() { w.resume(v) })
}

// resume has a bot go on that stands still.
func (w *torture) resume(v *victim) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v.paused {
		v.paused = false
		_ = v.cmd.Process.Signal(syscall.SIGCONT) // one that was killed meanwhile is gone
		fmt.Fprintf(w.log, "---- process %d goes on\n", v.cmd.Process.Pid)
	}
}

// someConnections is what the database has: enough for three replicas, and for little else.
const someConnections = 40

// databaseCuts is what happens to the database.
type databaseCuts struct {
	w    *torture
	pair *postgrestest.Pair // nil: nothing
	done map[string]int
	free func() // what takes the connections up gives them back; nil: nothing does
}

// birth lets something happen before one in a few lives of a bot.
func (c *databaseCuts) birth(r *rand.Rand) {
	if c == nil || c.pair == nil {
		return
	}
	c.calm()
	acts := []struct {
		name string
		do   func() error
	}{
		{"killed", c.pair.Restart},
		{"failed over", c.pair.FailOver},
		{"sessions ended", func() error { return c.pair.EndSessions(c.w.ctx) }},
		{"out of connections", c.takeAll},
	}
	one := r.IntN(5 * len(acts))
	if one >= len(acts) {
		return
	}
	fmt.Fprintf(c.w.log, "---- the database: %s\n", acts[one].name)
	if err := acts[one].do(); err != nil {
		fmt.Fprintf(c.w.log, "---- the database: %s: %v\n", acts[one].name, err)
		c.w.stop()
		return
	}
	c.done[acts[one].name]++
	fmt.Printf("the database: %s\n", acts[one].name)
}

// outFor is how long it is out of connections at most.
const outFor = 2 * time.Second

func (c *databaseCuts) takeAll() error {
	free, err := c.pair.TakeConnections(c.w.ctx)
	if err == nil {
		c.free = sync.OnceFunc(free)
		time.AfterFunc(outFor, c.free)
	}
	return err
}

// calm gives back what was taken.
func (c *databaseCuts) calm() {
	if c != nil && c.free != nil {
		c.free()
		c.free = nil
	}
}
