package engine

import (
	"context"
	"sync"
	"time"

	"latchkey/store"
)

const (
	// lockedPause is how soon a task that waits for a lock is tried again unasked.
	lockedPause = 200 * time.Millisecond
	// longestSleep is how long a worker sleeps unless it is woken.
	longestSleep = time.Minute
	// longestYield is how long tasks step back for a crowd at a stretch, and how often
	// some of them are let through while it lasts.
	longestYield = time.Second
	// endsAgain is how often ends, which step back for nobody, are looked for meanwhile.
	endsAgain = 200 * time.Millisecond
)

// worker claims the tasks of one queue and has them run.
type worker struct {
	units *Units
	queue *queue
	run   func(context.Context, store.Task) error        // carries a task out
	fail  func(context.Context, store.Task, error) error // puts it back

	yielding time.Time // since when tasks step back for a crowd; zero while they don't
}

// work goes on until ctx ends, then waits for what is under way.
func (w *worker) work(ctx context.Context) {
	var busy sync.WaitGroup
	defer busy.Wait()
	for ctx.Err() == nil {
		crowd := w.yields()
		tasks, err := w.claim(ctx, crowd != nil)
		if err != nil && ctx.Err() == nil {
			w.units.log.Error("claim tasks", "queue", w.queue.name, "error", err)
		}
		for _, t := range tasks {
			busy.Go(func() { w.carryOut(ctx, t) })
		}
		switch {
		case crowd != nil:
			w.pause(ctx, crowd)
		case len(tasks) == 0 || w.queue.full():
			w.sleep(ctx, err != nil)
		}
	}
}

// carryOut runs a task. One that failed leaves its slot before it is put back:
// from then on it may be claimed again.
func (w *worker) carryOut(ctx context.Context, t store.Task) {
	err := w.run(ctx, t)
	if err == nil {
		w.queue.finished(t.Seq)
		return
	}
	putBack := w.queue.fails(t.Seq)
	w.queue.finished(t.Seq)
	err = w.fail(ctx, t, err)
	putBack()
	if store.Rests(err) {
		w.queue.doubt()
	}
	w.queue.wakeup.signal()
}

// claim takes as many tasks as there are free slots, the spare ones for removals; removals
// alone if the others step back.
func (w *worker) claim(ctx context.Context, removals bool) ([]store.Task, error) {
	free := w.queue.free()
	if free+spare <= 0 {
		return nil, nil
	}
	var tasks []store.Task
	doubts := w.queue.unsure()
	err := w.units.store.Update(ctx, func(tx store.Tx) (err error) {
		now := w.units.Now()
		if doubts {
			if err := w.queue.adrift(tx, w.units.owner, now); err != nil {
				return err
			}
		}
		c := store.Claim{Queue: w.queue.name, Owner: w.units.owner, At: now, Until: now.Add(claimFor), Limit: free + spare, Below: store.Additions}
		if tasks, err = tx.Claim(c); err == nil && len(tasks) < free && !removals {
			c.Limit, c.Below = free-len(tasks), 0
			var others []store.Task
			others, err = tx.Claim(c)
			tasks = append(tasks, others...)
		}
		tasks = w.queue.fresh(tasks)
		return err
	})
	if err != nil {
		w.queue.doubt()
		return nil, err
	}
	w.queue.begin(tasks)
	return tasks, nil
}

// sleep waits for new work, for the next task to come due, or for the end.
func (w *worker) sleep(ctx context.Context, failed bool) {
	due, stop := w.units.clock.Until(w.wakes(ctx, failed))
	defer stop()
	select {
	case <-w.queue.wakeup.c:
	case <-due:
	case <-ctx.Done():
	}
}

// wakes is when a worker looks again unasked. That it could not find out what it waits for
// is no reason to sleep long.
func (w *worker) wakes(ctx context.Context, failed bool) time.Time {
	now := w.units.Now()
	if failed || w.queue.full() { // a removal may come due meanwhile
		return now.Add(firstBackoff)
	}
	at, ok, err := w.nextTask(ctx)
	switch longest := now.Add(longestSleep); {
	case err != nil:
		return now.Add(firstBackoff)
	case ok && at.Before(longest):
		return awaited(at, now)
	default:
		return longest
	}
}

// later is the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// awaited is when to look for a task again. One whose time has come but that could not
// be claimed waits for a lock; this process rings when it frees one, and another
// process's lock is looked at again after a pause.
func awaited(at, now time.Time) time.Time {
	if at.After(now) {
		return at
	}
	return now.Add(lockedPause)
}

func (w *worker) nextTask(ctx context.Context) (at time.Time, ok bool, err error) {
	err = w.units.View(ctx, func(tx store.Tx) (err error) {
		at, ok, err = tx.NextTask(w.queue.name)
		return err
	})
	return at, ok, err
}

// yields tells whether the worker lets a crowd go first, and until when the crowd may be
// there. After longestYield one round of tasks goes ahead.
func (w *worker) yields() (over <-chan struct{}) {
	over = w.units.crowd.there()
	now := w.units.Now()
	switch {
	case over == nil:
		w.yielding = time.Time{}
	case w.yielding.IsZero():
		w.yielding = now
	case now.Sub(w.yielding) >= longestYield:
		w.yielding = now
		return nil
	}
	return over
}

// pause waits until the crowd is gone, or ends are to be looked for.
func (w *worker) pause(ctx context.Context, over <-chan struct{}) {
	due, stop := w.units.clock.Until(w.units.Now().Add(endsAgain))
	defer stop()
	select {
	case <-over:
	case <-due:
	case <-ctx.Done():
	}
}
