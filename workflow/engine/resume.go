package engine

import (
	"context"
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
	units *Units
	bell  *bell

	mu     sync.Mutex
	trying map[uint64]string // queue by Task.Seq: resumed, with no outcome yet
	size   map[string]int    // how many of a queue are tried at once; 0 for canaries, when their time has come
	denied map[string]bool   // queues in which something was denied since something worked
	hinted map[string]time.Time
	hints  map[string]uint64 // how often a queue's service was found to work again
	begun  map[uint64]uint64 // by Task.Seq: how often it was when the attempt began
}

func newResumer(units *Units) *resumer {
	return &resumer{
		units: units, bell: newBell(), trying: map[uint64]string{}, size: map[string]int{}, denied: map[string]bool{}, hinted: map[string]time.Time{},
		hints: map[string]uint64{}, begun: map[uint64]uint64{},
	}
}

// resumeAfter is how long a task waits that was denied so many times before.
func resumeAfter(before int) time.Duration {
	return min(resumePause<<min(max(before, 0), 10), longestResumePause)
}

// goOn resumes until ctx ends.
func (r *resumer) goOn(ctx context.Context) {
	for ctx.Err() == nil {
		if err := r.round(ctx); err != nil && ctx.Err() == nil {
			r.units.log.Error("try again what was denied", "error", err)
		}
		due, stop := r.units.clock.Until(r.units.Now().Add(resumePause))
		select {
		case <-due:
		case <-r.bell.c:
		case <-ctx.Done():
		}
		stop()
	}
}

// round resumes as many of each queue as may be tried now.
func (r *resumer) round(ctx context.Context) error {
	var waiting []store.Task
	err := r.units.View(ctx, func(tx store.Tx) (err error) {
		waiting, err = deniedTasks(tx)
		return err
	})
	if err != nil {
		return err
	}
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
	for _, of := range r.trying {
		if of == queue {
			n--
		}
	}
	now, works := r.units.Now(), r.size[queue] > canaries
	tasks = slices.DeleteFunc(tasks, func(t store.Task) bool { return !works && t.NotBefore.After(now) || r.trying[t.Seq] != "" })
	slices.SortFunc(tasks, func(a, b store.Task) int { return a.NotBefore.Compare(b.NotBefore) })
	some := tasks[:max(0, min(n, len(tasks)))]
	for _, t := range some {
		r.trying[t.Seq] = queue
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
	r.begun[t.Seq] = r.hints[t.Queue]
}

// worked hears that a task worked. If others of its queue were denied, they may now
// work, too: the next are tried, whether their time has come or not.
func (r *resumer) worked(t store.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, resumed := r.units.Now(), r.trying[t.Seq] != ""
	delete(r.trying, t.Seq)
	delete(r.begun, t.Seq)
	if !resumed && (!r.denied[t.Queue] || now.Sub(r.hinted[t.Queue]).Abs() < resumePause) {
		return
	}
	r.denied[t.Queue], r.hinted[t.Queue] = false, now
	r.size[t.Queue] = min(max(r.size[t.Queue], canaries)*4, resumeMost)
	r.bell.ring()
}

// hint hears from elsewhere that what was denied may work again.
func (r *resumer) hint(queue string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.size[queue] = max(r.size[queue], canaries*4)
	r.hints[queue]++
	r.bell.ring()
}

// failed hears that a task did not work. What was denied before the service was found
// to work says nothing of how it is since, and is tried again.
func (r *resumer) failed(t store.Task, class access.Class) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.begun[t.Seq] < r.hints[t.Queue]
	delete(r.trying, t.Seq)
	delete(r.begun, t.Seq)
	switch {
	case class != access.Denied:
	case before:
		r.bell.ring()
	default:
		r.denied[t.Queue], r.size[t.Queue] = true, 0
	}
}
