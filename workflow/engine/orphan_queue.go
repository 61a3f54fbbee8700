package engine

import (
	"context"
	"errors"
	"time"

	"latchkey/store"
)

const (
	// watchEvery is how often it is looked after what other processes do.
	watchEvery = time.Minute
	// searchEvery is how often it is searched for queues that nobody may be working on.
	searchEvery = 10 * time.Minute
	// adoptFor is how long a process works on such a queue at a time, unless it renews that.
	adoptFor = 3 * time.Minute
)

// lookForOrphans finds what earlier processes have left in queues that nobody works
// on. Where several processes share the store, another one may: see watch.
func (e *Engine) lookForOrphans(ctx context.Context) {
	queues, err := e.queuesOfOthers(ctx)
	if err != nil && ctx.Err() == nil {
		e.units.log.Error("look for tasks that nobody works on", "error", err)
	}
	for _, queue := range queues {
		e.units.orphans.serve(queue)
	}
}

// queuesOfOthers are the queues of living tasks that this process doesn't work on. Beside an error,
// they are those that were found before it.
func (e *Engine) queuesOfOthers(ctx context.Context) (queues []string, err error) {
	seen := map[string]bool{"": true} // of a task that can't be read back nothing is known
	for _, q := range e.queues {
		seen[q.name] = true
	}
	for after := uint64(0); ctx.Err() == nil; {
		var page []store.Task
		err := e.units.View(ctx, func(tx store.Tx) (err error) {
			page, err = tx.Tasks("", after, batch)
			return err
		})
		if err != nil || len(page) == 0 {
			return queues, err
		}
		after = page[len(page)-1].Seq
		for _, t := range page {
			if !seen[t.Queue] {
				seen[t.Queue] = true
				queues = append(queues, t.Queue)
			}
		}
	}
	return queues, ctx.Err()
}

// watch looks, where processes share the store, after what others do: whether they are there, and whether any
// of them works on the queues that this one doesn't. One that nobody worked on for some time is of
// something that was taken out of the configuration.
func (e *Engine) watch(ctx context.Context) {
	w := &watched{engine: e, idle: map[string]time.Time{}}
	for ctx.Err() == nil {
		e.units.newer.company()
		if err := w.look(ctx); err != nil && ctx.Err() == nil {
			e.units.log.Error("look for queues that nobody works on", "error", err)
		}
		due, stop := e.units.clock.Until(e.units.Now().Add(watchEvery))
		select {
		case <-due:
		case <-ctx.Done():
		}
		stop()
	}
	w.adopting.Wait()
}

// stand is how a queue stands.
type stand struct {
	waits  bool // something could be claimed now
	empty  bool // nothing can ever be claimed unless somebody does something
	others bool // another process than this one has claimed something
}

func (e *Engine) stands(ctx context.Context, queue string) (s stand, err error) {
	now := e.units.Now()
	err = e.units.View(ctx, func(tx store.Tx) error {
		at, some, err := tx.NextTask(queue)
		s = stand{waits: some && !at.After(now), empty: !some}
		if err != nil {
			return err
		}
		claimed, err := claimedOf(tx, queue)
		for _, t := range claimed {
			s.others = s.others || t.Owner != e.units.owner && t.Until.After(now)
		}
		return err
	})
	return s, err
}

// claimedOf are the tasks of a queue that somebody has claimed.
func claimedOf(tx store.Tx, queue string) (all []store.Task, err error) {
	for after := uint64(0); ; {
		page, err := tx.Tasks(store.Claimed, after, claimedAtOnce)
		if err != nil || len(page) == 0 {
			return all, err
		}
		after = page[len(page)-1].Seq
		for _, t := range page {
			if t.Queue == queue {
				all = append(all, t)
			}
		}
	}
}

// adopt works on a queue that nobody works on, one process at a time, until there is nothing left or somebody else
// is found at it: they know what it is.
func (e *Engine) adopt(ctx context.Context, queue string) {
	_, err := e.units.Under(ctx, "orphans/"+queue, adoptFor, func(leased context.Context) error {
		e.units.log.Warn("there are tasks of something that is not configured any more; they will fail", "queue", queue)
		working, stop := context.WithCancel(ctx) // what fails is put back although the lease is lost
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			e.work(working, newQueue(queue, 0, e.units.signals.wakeup(queueTopic(queue))))
		}()
		defer func() {
			stop()
			<-ended
		}()
		return e.whileOrphaned(leased, queue)
	})
	if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrFenced) {
		e.units.log.Error("work on a queue that nobody works on", "queue", queue, "error", err)
	}
}

// whileOrphaned waits until a queue is empty, or somebody else works on it.
func (e *Engine) whileOrphaned(ctx context.Context, queue string) error {
	for {
		due, stop := e.units.clock.Until(e.units.Now().Add(watchEvery))
		select {
		case <-due:
		case <-ctx.Done():
			stop()
			return ctx.Err()
		}
		if s, err := e.stands(ctx, queue); err != nil || s.empty || s.others {
			return err
		}
	}
}
