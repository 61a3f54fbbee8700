package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/limit"
	"latchkey/store"
)

// defaultTimeout is how long one attempt of a task may take.
const defaultTimeout = time.Minute

// runner carries single tasks out.
type runner struct {
	units       *Units
	handlers    map[string]Handler
	policies    policies
	counters    *counters
	resumer     *resumer
	overtakings overtakings
}

// run carries one task out and ends it. A task that was begun is finished even
// while the process is asked to stop, unless it takes too long for that.
func (r *runner) run(ctx context.Context, t store.Task) error {
	h, err := r.handler(t.Kind)
	if err != nil {
		return err
	}
	bound := ctx
	if !h.Restarts {
		bound = context.WithoutCancel(ctx)
	}
	bound, cancel := context.WithTimeout(bound, h.Timeout)
	defer cancel()
	bound = r.units.Holding(bound)
	if !r.units.store.Exclusive() && h.Timeout < claimFor { // the others have a lease
		bound = limit.Fenced(bound, (&claim{units: r.units, task: t, seen: t.Until.Add(-claimFor)}).holds)
	}
	r.resumer.begins(t)
	r.units.reruns.drop(t.Seq) // this is the attempt that was asked for
	err = r.counters.caught("the task "+t.ID, func() error {
		if err := r.thawed(bound, t); err != nil {
			return err
		}
		if t.Payload, err = h.Payload.Newest(t.Schema, t.Payload); err != nil {
			return &access.Failure{Class: access.Rejected, Sentence: "A task of the kind " + t.Kind + " has a payload that this version can't read", Err: err}
		}
		done, err := h.Do(bound, t)
		if err != nil {
			return err
		}
		if err := r.finish(bound, t, done); err != nil {
			return err
		}
		r.resumer.worked(t)
		return nil
	})
	if err != nil && h.Restarts && ctx.Err() != nil {
		return &access.Failure{Class: access.Limited, Sentence: "Broken off because Latchkey was stopped; it begins anew", Err: err}
	}
	return err
}

// frozenAgain is how soon a task is looked at again whose subject is frozen.
const frozenAgain = 10 * time.Minute

// thawed has a task wait whose subject is frozen.
func (r *runner) thawed(ctx context.Context, t store.Task) error {
	if t.Subject == (access.Subject{}) {
		return nil
	}
	err := r.units.View(ctx, func(tx store.Tx) error { return r.units.frozen(tx, t.Subject) })
	if err == nil {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: frozenAgain, Sentence: access.Classify(err).Sentence, Err: err}
}

// handler finds who carries out tasks of a kind.
func (r *runner) handler(kind string) (Handler, error) {
	h, known := r.handlers[kind]
	if !known {
		return h, r.units.unknown("tasks of the kind", kind)
	}
	if h.Timeout <= 0 {
		h.Timeout = defaultTimeout
	}
	return h, nil
}

// finish records the outcome and ends the task, in one unit. A task that another
// process has claimed meanwhile is not ended, and its outcome is not recorded.
func (r *runner) finish(ctx context.Context, t store.Task, done Outcome) error {
	return r.units.Update(ctx, func(u *Unit) error {
		if err := mine(u, t); err != nil {
			return err
		}
		if err := u.Tx.Done(t.ID, r.units.owner); err != nil {
			return fmt.Errorf("end task %s: %w", t.ID, err)
		}
		if err := r.policies.recovered(u, t); err != nil {
			return err
		}
		if done != nil {
			if err := done(u); err != nil {
				return err
			}
		}
		return r.overtakings.doubted(u, t)
	})
}

// errLost: another process took the task over, because the claim ran out.
var errLost = errors.New("the task was taken over")

// mine refuses to go on with a task that another process took over: it is at it
// now, or has ended it. One whose claim ran out and that nobody took is still
// this process's.
func mine(u *Unit, t store.Task) error {
	now, err := u.Tx.Task(t.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errLost
	case err != nil:
		return err
	case now.Seq != t.Seq, now.State == store.Claimed && now.Owner != t.Owner:
		return errLost
	}
	return nil
}
