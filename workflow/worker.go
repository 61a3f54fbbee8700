package workflow

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// claimFor is how long a claim holds before another process may take the
	// task over. It is well above taskTimeout, so a living worker never loses one.
	claimFor    = 3 * time.Minute
	taskTimeout = time.Minute

	firstBackoff = time.Second
	longBackoff  = time.Minute
	// A removal is tried again soon after a directory is back, whatever it went through.
	removalBackoff = 5 * time.Second
	// lockedPause is how soon a task that waits for a lock is tried again unasked.
	lockedPause = 200 * time.Millisecond
	// patience is how often a task fails in passing before a human is told.
	patience = 8
	// A removal that was accepted and did not stick is no passing matter.
	stickyPatience = 3
	// A removal that is refused is tried again all the same, but not hastily.
	refusedBackoff = 2 * time.Minute
)

// spare is how many removals a queue runs beyond its slots.
const spare = 2

// queue is the tasks of one vendor and who works on them.
type queue struct {
	name  string
	bell  *bell
	slots int

	mu      sync.Mutex
	running map[uint64]bool // under way in this process, by Task.Seq
}

// outcome is what a finished task changes; it is recorded in the transaction
// that ends the task.
type outcome func(*step) error

type handler func(context.Context, store.Task) (outcome, error)

func (s *Service) handler(kind string) (handler, bool) {
	h, ok := map[string]handler{
		openIssue:     s.openIssue,
		recordEvent:   s.recordEvent,
		findApprovers: s.findApprovers,
		showCard:      s.showCard,
		addMember:     s.addMember,
		removeMember:  s.removeMember,
		tellThread:    s.tellThread,
		linkIncident:  s.linkIncident,
		showNotice:    s.announce,
		doDuty:        s.doDuty,
		sayOnIssue:    s.sayIt,
	}[kind]
	return h, ok
}

// work claims and runs the tasks of one queue until ctx ends.
func (s *Service) work(ctx context.Context, q *queue) {
	var busy sync.WaitGroup
	defer busy.Wait()
	for ctx.Err() == nil {
		tasks, err := s.claim(ctx, q)
		if err != nil && ctx.Err() == nil {
			s.log.Error("claim tasks", "queue", q.name, "error", err)
		}
		for _, t := range tasks {
			busy.Go(func() {
				defer q.finished(t.Seq)
				s.run(ctx, q, t)
			})
		}
		if len(tasks) == 0 || q.full() {
			s.sleep(ctx, q, err != nil)
		}
	}
}

// claim takes as many tasks as there are free slots. The spare slots are for
// removals: while a crowd of additions waits for its vendor, an end does not.
func (s *Service) claim(ctx context.Context, q *queue) ([]store.Task, error) {
	free := q.free()
	if free+spare <= 0 {
		return nil, nil
	}
	var tasks []store.Task
	err := s.Store.Update(ctx, func(tx store.Tx) (err error) {
		now := s.Clock.Now().UTC()
		c := store.Claim{Queue: q.name, Owner: s.Owner, At: now, Until: now.Add(claimFor), Limit: free + spare, Below: store.Additions}
		if tasks, err = tx.Claim(c); err != nil || len(tasks) >= free {
			return err
		}
		c.Limit, c.Below = free-len(tasks), 0
		others, err := tx.Claim(c)
		tasks = append(tasks, others...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return q.begin(tasks), nil
}

// begin keeps the tasks that are not under way here already. A clock that jumps
// can make this process's own claims look abandoned; claiming them again only
// renews them.
func (q *queue) begin(tasks []store.Task) []store.Task {
	q.mu.Lock()
	defer q.mu.Unlock()
	var fresh []store.Task
	for _, t := range tasks {
		if !q.running[t.Seq] {
			q.running[t.Seq] = true
			fresh = append(fresh, t)
		}
	}
	return fresh
}

func (q *queue) finished(seq uint64) {
	q.mu.Lock()
	delete(q.running, seq)
	q.mu.Unlock()
	q.bell.ring()
}

func (q *queue) free() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.slots - len(q.running)
}

func (q *queue) full() bool { return q.free() <= 0 }

// sleep waits for new work, for the next task to come due, or for the end.
func (s *Service) sleep(ctx context.Context, q *queue, failed bool) {
	next := s.Clock.Now().Add(time.Minute)
	if failed || q.full() { // a removal may come due meanwhile
		next = s.Clock.Now().Add(firstBackoff)
	} else if at, ok := s.nextTask(ctx, q); ok && at.Before(next) && !q.full() {
		next = later(at, s.Clock.Now().Add(lockedPause))
	}
	due, stop := s.Clock.Until(next)
	defer stop()
	select {
	case <-q.bell.c:
	case <-due:
	case <-ctx.Done():
	}
}

// later is the later of two times. A task whose time has come but that could not
// be claimed waits for a lock; this process rings when it frees one, and another
// process's lock is looked at again after a pause.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *Service) nextTask(ctx context.Context, q *queue) (at time.Time, ok bool) {
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		at, ok, err = tx.NextTask(q.name)
		return err
	})
	return at, ok && err == nil
}

// bound is how long a task may take. One that was begun is finished even while
// the process is asked to stop; a duty is too long for that and begins anew.
func bound(ctx context.Context, t store.Task) (context.Context, context.CancelFunc) {
	if t.Kind == doDuty {
		return context.WithTimeout(ctx, dutyTimeout)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), taskTimeout)
}

// run carries one task out and records how it went.
func (s *Service) run(ctx context.Context, q *queue, t store.Task) {
	ctx, cancel := bound(ctx, t)
	defer cancel()
	done, err := s.handle(ctx, t)
	if err == nil {
		err = s.finish(ctx, t, done)
	}
	if err != nil {
		q.finished(t.Seq) // put back, it may be claimed again at once
		s.failed(context.WithoutCancel(ctx), t, err)
	}
}

func (s *Service) handle(ctx context.Context, t store.Task) (outcome, error) {
	h, ok := s.handler(t.Kind)
	if !ok {
		return nil, &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf("This version of Latchkey doesn't know tasks of the kind %q", t.Kind)}
	}
	return h(ctx, t)
}

// finish records the outcome and ends the task, in one transaction.
func (s *Service) finish(ctx context.Context, t store.Task, done outcome) error {
	return s.update(ctx, func(st *step) error {
		if err := st.tx.Done(t.ID, s.Owner); err != nil {
			return err
		}
		if err := st.recovered(t); err != nil || done == nil {
			return err
		}
		return done(st)
	})
}

// recovered takes back what was told when a task had failed for long, now that
// it has worked by itself.
func (st *step) recovered(t store.Task) error {
	if t.Attempts < patience || t.Subject == "" || isMemberTask(t) {
		return nil
	}
	r, err := store.Request(st.tx, t.Subject)
	if err != nil {
		return err
	}
	return st.carry(r.Event(access.EventTaskResumed, access.System(), st.at), []access.Effect{{Kind: access.EffectShowCards}, {Kind: access.EffectRecord}})
}

// failed decides what becomes of a task that did not work.
func (s *Service) failed(ctx context.Context, t store.Task, err error) {
	f := access.Classify(err)
	s.log.Warn("task failed", "task", t.ID, "class", f.Class, "attempt", t.Attempts+1, "error", err)
	save := s.update(ctx, func(st *step) error { return st.settle(t, f) })
	if save != nil && !errors.Is(save, store.ErrConflict) && !errors.Is(save, store.ErrNotFound) {
		s.log.Error("record a failed task", "task", t.ID, "error", save)
	}
}

// settle puts a failed task back, or parks it and tells a human.
func (st *step) settle(t store.Task, f *access.Failure) error {
	t.State, t.Problem = store.Ready, f.Sentence
	t.Begun = t.Begun || f.Class != access.Limited // who was only told to wait has done nothing yet
	if err := st.alarm(t, f); err != nil {
		return err
	}
	switch {
	case f.Class == access.Limited, f.Class == access.Unclear && f.After > 0:
		t.NotBefore = st.at.Add(max(f.After, 100*time.Millisecond))
	case f.Class == access.Denied, f.Class == access.Rejected:
		t.Attempts++
		return st.park(t, f)
	default:
		t.Attempts++
		t.NotBefore = st.at.Add(backoff(t))
		if t.Attempts == patience || t.Attempts == stickyPatience && errors.Is(f, errBack) {
			if err := st.tell(t, f); err != nil {
				return err
			}
		}
	}
	st.wake[t.Queue] = true
	return st.tx.Settle(t)
}

// alarm tells a human at once, and once, that the record of an emergency can't be
// opened: the access waits for it, and nobody else will notice that Jira is down.
func (st *step) alarm(t store.Task, f *access.Failure) error {
	if t.Kind != openIssue || f.Class == access.Limited {
		return nil
	}
	r, err := store.Request(st.tx, t.Subject)
	if err != nil || !r.Emergency {
		return err
	}
	story, err := st.tx.Events(store.Filter{Request: r.ID}, 0, 1000)
	if err != nil || slices.ContainsFunc(story, func(e access.Event) bool { return e.Kind == access.EventTaskBlocked }) {
		return err
	}
	return st.tell(t, f)
}

// backoff grows with the attempts, with jitter so that a crowd spreads out.
func backoff(t store.Task) time.Duration {
	longest := longBackoff
	if t.Kind == removeMember {
		longest = removalBackoff
	}
	d := min(firstBackoff<<min(t.Attempts-1, 10), longest)
	return d/2 + rand.N(d/2+1)
}

// park stops a task until a human asks to try again. An addition is parked in
// its grant, which is then visibly stuck; everything else stays a stuck task, and
// holds up what has to come after it. A removal is never given up: its grant is
// stuck, and the task goes on slowly until somebody has mended the cause.
func (st *step) park(t store.Task, f *access.Failure) error {
	if t.Kind == removeMember {
		t.NotBefore = st.at.Add(refusedBackoff)
		return errors.Join(st.tell(t, f), st.tx.Settle(t))
	}
	if isMemberTask(t) {
		if err := st.tell(t, f); err != nil {
			return err
		}
		return st.tx.Done(t.ID, st.s.Owner)
	}
	t.State = store.Stuck
	if err := st.tx.Settle(t); err != nil {
		return err
	}
	return st.tell(t, f)
}

func isMemberTask(t store.Task) bool { return t.Kind == addMember || t.Kind == removeMember }

// tell makes the trouble visible to a human, as an event of the story.
func (st *step) tell(t store.Task, f *access.Failure) error {
	if isMemberTask(t) {
		return st.tellGrant(t, f)
	}
	if t.Subject == "" {
		return st.tellIT(t, f)
	}
	r, err := store.Request(st.tx, t.Subject)
	if err != nil {
		return err
	}
	e := r.Event(access.EventTaskBlocked, access.System(), st.at)
	e.Note = f.Sentence
	return st.carry(e, []access.Effect{{Kind: access.EffectShowCards}, {Kind: access.EffectRecord}})
}

func (st *step) tellGrant(t store.Task, f *access.Failure) error {
	p, err := read[memberPayload](t)
	if err != nil {
		return err
	}
	g, err := store.Grant(st.tx, p.Grant)
	if err != nil {
		return err
	}
	if g.State == access.GrantStuck && g.Problem == f.Sentence {
		return nil // told before
	}
	e := g.Event(access.EventStuck, access.System(), st.at)
	e.Group, e.Note = &p.Group, f.Sentence
	_, err = st.grant(g, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // the grant moved on meanwhile; there is nothing to be stuck about
	}
	return err
}
