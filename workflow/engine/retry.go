package engine

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	defaultAttempts = 8
	defaultSlow     = 2 * time.Minute
	shortestSnooze  = 100 * time.Millisecond
)

// policies say what becomes of failures, by kind of task.
type policies struct {
	byKind    map[string]Policy
	otherwise Policy
}

// of is the policy for a kind, with nothing left open.
func (p policies) of(kind string) Policy {
	found, ok := p.byKind[kind]
	if !ok && kind != EffectTask { // which the task alone tells: telling may be what doesn't work
		found = p.otherwise
	}
	if found.Attempts <= 0 {
		found.Attempts = defaultAttempts
	}
	if found.Backoff <= 0 {
		found.Backoff = longestBackoff
	}
	if found.Slow <= 0 {
		found.Slow = defaultSlow
	}
	return found
}

// recovered takes back what was told of a task that works after all.
func (p policies) recovered(u *Unit, t store.Task) error {
	policy := p.of(t.Kind)
	if t.Attempts < policy.Attempts || policy.Recovered == nil {
		return nil
	}
	return policy.Recovered(u, t)
}

// failed decides what becomes of a task that did not work. Should even that
// fail, because what is told of it can't be read, the task is put aside without
// a word but its own, so that it is never lost from sight. It is put back although ctx ends.
// An error is why it could not be: its claim stands.
func (r *runner) failed(ctx context.Context, t store.Task, err error) error {
	f := classify(err)
	defer r.resumer.failed(t, f.Class)
	log := r.units.log.With("task", t.ID, "class", f.Class)
	if errors.Is(err, errLost) {
		log.Info("another process has this task by now")
		r.overtakings.after(ctx, t)
		return nil
	}
	saving := context.WithoutCancel(ctx)
	var about []slog.Attr
	var put store.Task // as it was put back
	var save error
	for _, tells := range []bool{true, false} {
		save = r.counters.caught("the failure of "+t.ID, func() error {
			return r.units.Update(saving, func(u *Unit) error {
				if err := mine(u, t); err != nil {
					return err
				}
				about, put = u.aboutTask(t), store.Task{Attempts: t.Attempts + 1}
				return failure{u, r.policies.of(t.Kind), t, f, tells, cmp.Or(r.resumer.since(t), u.At), &put}.record()
			})
		})
		if save == nil || errors.Is(save, errLost) {
			r.units.reruns.drop(t.Seq)
			if save == nil {
				put.Kind = t.Kind
				r.units.saidOf(saving, put, f, about)
			} else {
				r.overtakings.after(ctx, t)
			}
			return nil
		}
		log.Error("a failed task can't be put back", "told", tells, "error", save)
	}
	return save
}

// failure is one failure of a task on its way into the store.
type failure struct {
	*Unit
	policy Policy
	task   store.Task
	cause  *access.Failure
	tells  bool // humans are told, not only the task says it
	// asked is when the attempt began. A failure is as old as that, however long the
	// answer took or the clock jumped meanwhile.
	asked time.Time
	put   *store.Task // is told how the task was put back; stays as it is when the task is gone
}

// record puts the task back or parks it, and tells a human when it is time to.
// Who was only asked to wait has done nothing yet and used up no attempt.
func (f failure) record() error {
	t := &f.task
	known := t.Attempts >= f.policy.Attempts && t.Problem == f.cause.Sentence
	waits := f.cause.Class == access.Limited || f.cause.Class == access.Unclear && f.cause.After > 0
	t.State, t.Problem = store.Ready, f.cause.Sentence
	t.Begun = !f.cause.Nothing && (t.Begun || f.cause.Class != access.Limited)
	if !waits && f.units.reruns.wanted(t.Seq) {
		t.NotBefore, t.Attempts = f.At, 0
		return f.requeue()
	}
	if !waits {
		t.Attempts++
	}
	told, err := f.tellSoon()
	if err != nil {
		return err
	}
	switch {
	case waits:
		t.NotBefore = f.At.Add(max(f.cause.After, shortestSnooze))
	case f.cause.Class == access.Denied, f.cause.Class == access.Rejected:
		return f.park(told || known && f.cause.Class == access.Denied)
	default:
		t.NotBefore = later(f.asked.Add(backoff(t.Attempts, f.policy.Backoff)), f.At.Add(backoff(1, f.policy.Backoff)))
		if t.Attempts == f.policy.Attempts && !told {
			if err := f.tell(); err != nil {
				return err
			}
		}
	}
	return f.requeue()
}

func (f failure) requeue() error {
	f.touch(queueTopic(f.task.Queue))
	*f.put = f.task
	return f.Tx.Requeue(f.task)
}
