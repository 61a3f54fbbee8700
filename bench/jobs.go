package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow/ledger"
)

// jobsSuite works off durable jobs that do nothing: what the queue itself costs.
func jobsSuite(ctx context.Context, b *bench) error {
	jobs := 50_000
	if b.short {
		jobs = 10_000
	}
	b.note("jobs/throughput: inserting and working, as River's own benchmark counts. \"store\" is the queue as a worker would drive it that claims 1,000 at a time: insert 2,000 to a commit, then, for the tasks of one claim, the outcomes recorded and the tasks done in one commit, as River's completer does it. \"workflow\" is Latchkey's worker as it is, 64 at once: every task claimed, its case loaded, handed to a ledger that answers at once, and ended in an update of its own.")
	var ours, worker, theirs, rates sample
	for range b.rounds().pairs {
		rate, err := flushRate(b.dir)
		if err != nil {
			return err
		}
		rates = append(rates, rate)
		if err := b.timed(ctx, &ours, jobs, storeJobs); err != nil {
			return err
		}
		if err := b.timed(ctx, &worker, jobs, workflowJobs); err != nil {
			return err
		}
		if b.alone {
			continue
		}
		rate, err = b.riverJobs(ctx, jobs)
		if err != nil {
			b.skip("jobs/throughput", "River 0.51.1 on PostgreSQL", err)
			b.options.alone = true
			continue
		}
		theirs = append(theirs, rate)
	}
	b.note("raw append + fdatasync of 1 KB beside jobs: %s", rates.text("%.0f", "/s"))
	b.addJobs(jobs, ours, worker, theirs)
	return nil
}

// addJobs adds the rows of both ways to count, beside River where it was measured.
func (b *bench) addJobs(jobs int, ours, worker, theirs sample) {
	for _, one := range []struct {
		name   string
		s      sample
		target float64
	}{{"store", ours, 4}, {"workflow", worker, 0}} {
		r := row{name: "jobs/throughput", workload: fmt.Sprintf("%d jobs, %s", jobs, one.name), metric: "jobs/s", measured: one.s.text("%.0f", "/s"), kind: "W", verdict: "–"}
		b.add(r)
		ratio := one.s.over(theirs)
		if len(ratio) == 0 {
			continue
		}
		r.metric, r.peer, r.measured, r.kind = "ratio of jobs/s", "River 0.51.1 on PostgreSQL "+theirs.text("%.0f", "/s"), ratio.text("%.1f", "×"), "R"
		if one.target > 0 {
			r.target, r.verdict = fmt.Sprintf("≥ %g×", one.target), atLeast(ratio.median(), one.target)
		}
		b.add(r)
	}
}

// jobRun works off so many jobs and tells how long that took.
type jobRun func(ctx context.Context, s store.Store, jobs int) (time.Duration, error)

// timed runs one way of working on a fresh store.
func (b *bench) timed(ctx context.Context, into *sample, jobs int, work jobRun) error {
	dir, err := os.MkdirTemp(b.dir, "jobs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := openStore(filepath.Join(dir, "latchkey.db"), bolt.Options{})
	if err != nil {
		return err
	}
	took, err := work(ctx, s, jobs)
	*into = append(*into, float64(jobs)/took.Seconds())
	return errors.Join(err, s.Close())
}

// storeJobs drives the queue of the store alone.
func storeJobs(ctx context.Context, s store.Store, jobs int) (time.Duration, error) {
	return sharedJobs(ctx, []store.Store{s}, jobs)
}

// sharedJobs drives the queue of a store that several have open: one inserts, all work.
func sharedJobs(ctx context.Context, all []store.Store, jobs int) (time.Duration, error) {
	begun := time.Now()
	err := batches(ctx, all[0], jobs, func(tx store.Tx, n int) error {
		_, err := tx.Enqueue(store.Task{ID: fmt.Sprintf("job/%08d", n), Queue: "bench", Kind: "bench", Priority: store.Writings, NotBefore: begun, Created: begun, Payload: []byte(`{"number":1}`)})
		return err
	})
	if err != nil {
		return 0, err
	}
	var workers sync.WaitGroup
	done, failed := make([]int, len(all)), make([]error, len(all))
	for i, s := range all {
		workers.Go(func() { done[i], failed[i] = workOff(ctx, s, fmt.Sprint("bench ", i)) })
	}
	workers.Wait()
	if err := errors.Join(failed...); err != nil {
		return 0, err
	}
	total := 0
	for _, n := range done {
		total += n
	}
	if total != jobs {
		return 0, fmt.Errorf("%d of %d jobs were done", total, jobs)
	}
	return time.Since(begun), nil
}

// workOff claims and ends jobs until there are none, and counts them.
func workOff(ctx context.Context, s store.Store, owner string) (done int, err error) {
	for {
		var taken []store.Task
		err := s.Update(ctx, func(tx store.Tx) (err error) {
			now := time.Now()
			taken, err = tx.Claim(store.Claim{Queue: "bench", Owner: owner, At: now, Until: now.Add(time.Minute), Limit: 1_000})
			return err
		})
		if err != nil || len(taken) == 0 {
			return done, err
		}
		if err := s.Update(ctx, func(tx store.Tx) error { return finishJobs(tx, taken) }); err != nil {
			return done, err
		}
		done += len(taken)
	}
}

// finishJobs records the outcomes and ends the tasks, as River's completer does
// for many jobs at a time.
func finishJobs(tx store.Tx, taken []store.Task) error {
	for _, t := range taken {
		if _, err := tx.Put(store.Record{Kind: "outcome", ID: t.ID, Body: t.Payload}); err != nil {
			return err
		}
		if err := tx.Done(t.ID, t.Owner); err != nil {
			return err
		}
	}
	return nil
}

// workflowJobs has the workflow tell a ledger that answers at once about events
// of as many requests.
func workflowJobs(ctx context.Context, s store.Store, jobs int) (time.Duration, error) {
	count := &counter{want: jobs, all: make(chan struct{})}
	h := &house{store: s, catalog: shop(), people: crowd}
	tuned, err := compose(s, h.catalog, clock.System{}, count, map[string]int{"jira": 64})
	if err != nil {
		return 0, err
	}
	if err := batches(ctx, s, jobs, func(tx store.Tx, n int) error {
		_, err := h.ask(tx, n, time.Now().UTC())
		return err
	}); err != nil {
		return 0, err
	}
	begun := time.Now()
	err = batches(ctx, s, jobs, func(tx store.Tx, n int) error {
		told, err := tx.Entries(store.Filter{}, uint64(n), 1)
		if err != nil {
			return err
		}
		_, err = tx.Enqueue(store.Task{
			ID: "record/" + told[0].ID, Queue: "jira", Kind: "issue.record", Subject: told[0].Subject, Priority: store.Writings,
			Lane: "issue/" + told[0].Subject.ID, NotBefore: begun, Created: begun, Schema: 1, Payload: fmt.Appendf(nil, `{"Event":%q}`, told[0].ID),
		})
		return err
	})
	if err != nil {
		return 0, err
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- tuned.Run(working) }()
	select {
	case <-count.all:
	case err = <-ended:
		stop()
		return 0, err
	}
	stop()
	err = <-ended // once what is under way is finished
	took := time.Since(begun)
	return took, errors.Join(err, noneLeft(ctx, s), count.wrong())
}

func noneLeft(ctx context.Context, s store.Store) error {
	return s.View(ctx, func(tx store.Tx) error {
		left, err := tx.Tasks("", 0, 10)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("tasks were left: %s, %s since %s, not before %s: %s", left[0].ID, left[0].State, left[0].Created, left[0].NotBefore, left[0].Problem)
		}
		return err
	})
}

// counter is a ledger that counts how often it is told of each event.
type counter struct {
	ledger.Issues
	want int
	all  chan struct{}

	mu    sync.Mutex
	told  map[string]int
	total int
}

// Record implements ledger.Issues.
func (c *counter) Record(_ context.Context, _ access.Case, e access.Event, _ access.RecordMaker, _ bool, with ...access.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told == nil {
		c.told = map[string]int{}
	}
	for _, one := range append(with, e) {
		c.told[one.ID]++
		if c.total++; c.total == c.want {
			close(c.all)
		}
	}
	return nil
}

func (c *counter) wrong() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.told) != c.want || c.total != c.want {
		return fmt.Errorf("%d jobs ran %d times, want %d once each", len(c.told), c.total, c.want)
	}
	return nil
}

func (b *bench) riverJobs(ctx context.Context, jobs int) (float64, error) {
	path, err := b.peers.program("river")
	if err != nil {
		return 0, err
	}
	pg, err := b.peers.postgres()
	if err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, path, "-n", fmt.Sprint(jobs), "-url", pg.url()).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("river: %w: %s", err, out)
	}
	var insert, work, both float64
	if _, err := fmt.Sscan(strings.TrimSpace(string(out)), &insert, &work, &both); err != nil {
		return 0, fmt.Errorf("river said %q: %w", out, err)
	}
	return float64(jobs) / both, nil
}
