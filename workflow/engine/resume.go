package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// A task that was denied may be tried again by itself soon, and ever more seldom.
	resumePause, longestResumePause = time.Minute, 5 * time.Minute
	// canaries are how many denied tasks of a queue are tried at once to find out
	// whether the service takes them again: few, because a token that is dead is
	// not to be hammered at.
	canaries = 2
	// resumeMost is how many are tried at once when it does.
	resumeMost = 500
)

// resumer tries tasks again that a service denied, because a token or a right was
// missing: somebody puts that right for all of them, and nobody should have to ask
// for each. A few are tried from time to time; when they work, more and more
// follow.
//
// A stuck task that is tried again by itself has a time in NotBefore; one that
// waits for a human has none.
type resumer struct {
	units  *Units
	wakeup *wakeup

	mu     sync.Mutex
	trying map[uint64]store.Task // by Task.Seq: resumed, with no outcome yet
	size   map[string]int        // how many of a queue are tried at once; 0 for canaries, when their time has come
	denied map[string]bool       // queues in which something was denied since something worked
	hinted map[string]time.Time
	hints  map[string]uint64 // how often a queue's service was found to work again
	begun  map[uint64]attempt
}

// attempt is one that is under way: when it began, and how often its service had been
// found to work again by then.
type attempt struct {
	at    time.Time
	hints uint64
}

func newResumer(units *Units) *resumer {
	return &resumer{
		units: units, wakeup: newWakeup(), trying: map[uint64]store.Task{}, size: map[string]int{}, denied: map[string]bool{}, hinted: map[string]time.Time{},
		hints: map[string]uint64{}, begun: map[uint64]attempt{},
	}
}

// resumeAfter is how long a task waits that was denied so many times before.
func resumeAfter(before int) time.Duration {
	return min(resumePause<<min(max(before, 0), 10), longestResumePause)
}

// goOn resumes until ctx ends. The next round is counted from the beginning of this
// one: the clock may jump while it is under way.
func (r *resumer) goOn(ctx context.Context) {
	for ctx.Err() == nil {
		begun := r.units.Now()
		if err := r.round(ctx); err != nil && ctx.Err() == nil {
			r.units.log.Error("try again what was denied", "error", err)
		}
		due, stop := r.units.clock.Until(begun.Add(resumePause))
		select {
		case <-due:
		case <-r.wakeup.c:
		case <-ctx.Done():
		}
		stop()
	}
}

// round resumes as many of each queue as may be tried now.
func (r *resumer) round(ctx context.Context) error {
	var waiting, over []store.Task
	tried := r.tried()
	err := r.units.View(ctx, func(tx store.Tx) (err error) {
		if over, err = notUnderWay(tx, tried); err != nil {
			return err
		}
		waiting, err = deniedTasks(tx)
		return err
	})
	if err != nil {
		return err
	}
	r.forget(over)
	for queue, tasks := range byQueue(waiting) {
		some := r.choose(queue, tasks)
		if len(some) == 0 {
			continue
		}
		if err := r.units.Update(ctx, func(u *Unit) error { return u.resume(some) }); err != nil {
			r.forget(some)
			return err
		}
	}
	return nil
}

// tried are those that were resumed and have no outcome yet, as far as is known.
func (r *resumer) tried() []store.Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.trying))
}

// notUnderWay are those of some resumed tasks that nobody carries out any more: they
// were taken back, or somebody else had them done.
func notUnderWay(tx store.Tx, tried []store.Task) (over []store.Task, err error) {
	for _, t := range tried {
		now, err := tx.Task(t.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err != nil || now.Seq != t.Seq || now.State == store.Stuck {
			over = append(over, t)
		}
	}
	return over, nil
}

// deniedTasks are the stuck tasks that are tried again by themselves.
func deniedTasks(tx store.Tx) (all []store.Task, err error) {
	for after := uint64(0); ; {
		page, err := tx.Tasks(store.Stuck, after, batch)
		if err != nil || len(page) == 0 {
			return all, err
		}
		after = page[len(page)-1].Seq
		for _, t := range page {
			if !t.NotBefore.IsZero() {
				all = append(all, t)
			}
		}
	}
}

func byQueue(tasks []store.Task) map[string][]store.Task {
	out := map[string][]store.Task{}
	for _, t := range tasks {
		out[t.Queue] = append(out[t.Queue], t)
	}
	return out
}

// choose picks those that waited longest, and takes note that they are tried.
func (r *resumer) choose(queue string, tasks []store.Task) []store.Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := max(r.size[queue], canaries)
	for _, t := range r.trying {
		if t.Queue == queue {
			n--
		}
	}
	now, works := r.units.Now(), r.size[queue] > canaries
	tasks = slices.DeleteFunc(tasks, func(t store.Task) bool {
		_, tried := r.trying[t.Seq]
		return tried || !works && t.NotBefore.After(now)
	})
	slices.SortFunc(tasks, func(a, b store.Task) int { return a.NotBefore.Compare(b.NotBefore) })
	some := tasks[:max(0, min(n, len(tasks)))]
	for _, t := range some {
		r.trying[t.Seq] = t
	}
	return some
}

func (r *resumer) forget(tasks []store.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range tasks {
		delete(r.trying, t.Seq)
	}
}

// resume puts tasks back to work that nobody has touched meanwhile. They keep their
// attempts: what was told of them is taken back when they work.
func (u *Unit) resume(tasks []store.Task) error {
	for _, t := range tasks {
		now, err := u.Tx.Task(t.ID)
		if err != nil || now.Seq != t.Seq || now.State != store.Stuck {
			continue
		}
		now.State, now.NotBefore = store.Ready, u.At
		if err := u.Tx.Requeue(now); err != nil {
			return err
		}
		u.touch(queueTopic(now.Queue))
	}
	return nil
}

// begins hears that a task is about to be tried.
func (r *resumer) begins(t store.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun[t.Seq] = attempt{r.units.Now(), r.hints[t.Queue]}
}

// since is when the attempt at a task began; zero if it is none of this process.
func (r *resumer) since(t store.Task) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.begun[t.Seq].at
}

// worked hears that a task worked. If others of its queue were denied, they may now
// work, too: the next are tried, whether their time has come or not.
func (r *resumer) worked(t store.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.units.Now()
	_, resumed := r.trying[t.Seq]
	delete(r.trying, t.Seq)
	delete(r.begun, t.Seq)
	if !resumed && (!r.denied[t.Queue] || now.Sub(r.hinted[t.Queue]).Abs() < resumePause) {
		return
	}
	r.denied[t.Queue], r.hinted[t.Queue] = false, now
	r.size[t.Queue] = min(max(r.size[t.Queue], canaries)*4, resumeMost)
	r.wakeup.signal()
}

// hint hears from elsewhere that what was denied may work again.
func (r *resumer) hint(queue string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.size[queue] = max(r.size[queue], canaries*4)
	r.hints[queue]++
	r.wakeup.signal()
}

// failed hears that a task did not work. What was denied before the service was found
// to work says nothing of how it is since, and is tried again; so is what was denied so
// long ago, by a clock that jumped, that its time has come.
func (r *resumer) failed(t store.Task, class access.Class) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.begun[t.Seq]
	delete(r.trying, t.Seq)
	delete(r.begun, t.Seq)
	switch {
	case class != access.Denied:
	case was.hints < r.hints[t.Queue]:
		r.wakeup.signal()
	default:
		if r.denied[t.Queue], r.size[t.Queue] = true, 0; r.units.Now().Sub(was.at) >= resumePause {
			r.wakeup.signal()
		}
	}
}
