package bolt

import (
	"errors"
	"fmt"
	"time"

	"latchkey/store"
)

// Enqueue implements store.Queue.
func (q taskQueue) Enqueue(k store.Task) (bool, error) {
	if err := q.mayWrite(); err != nil {
		return false, err
	}
	if err := checkTask(k); err != nil {
		return false, err
	}
	if q.get(tasks, []byte(k.ID)) != nil {
		return false, nil
	}
	seq, err := q.in(tasks).NextSequence()
	if err != nil {
		return false, err
	}
	k.Seq, k.State = seq, store.Ready
	k.Attempts, k.Begun, k.Owner, k.Until, k.Problem = 0, false, "", time.Time{}, ""
	return true, q.add(k)
}

func (q taskQueue) add(k store.Task) error {
	if err := q.put(ages, seqKey(k.Seq), []byte(k.ID)); err != nil {
		return err
	}
	if k.Lane != "" {
		if err := q.put(lanes, laneKey(k), []byte(k.ID)); err != nil {
			return err
		}
	}
	if err := q.put(tasks, []byte(k.ID), packTask(k)); err != nil {
		return err
	}
	return q.enter(k)
}

// Release implements store.Queue.
func (q taskQueue) Release(queue, owner string) (int, error) {
	if err := q.mayWrite(); err != nil {
		return 0, err
	}
	if err := q.takeBack(queue); err != nil {
		return 0, err
	}
	held, err := q.claimed(queue, func(k store.Task) bool { return k.Owner != owner })
	if err != nil {
		return 0, err
	}
	return len(held), q.free(held)
}

// Requeue implements store.Queue.
func (q taskQueue) Requeue(k store.Task) error {
	if err := q.mayWrite(); err != nil {
		return err
	}
	if k.State != store.Ready && k.State != store.Stuck {
		return fmt.Errorf("store: a task is requeued as %s or %s, not %q", store.Ready, store.Stuck, k.State)
	}
	old, err := q.task(k.ID)
	if err != nil {
		return err
	}
	if old.State == store.Claimed && old.Owner != k.Owner {
		return store.ErrConflict
	}
	next := unclaimed(old)
	next.State, next.NotBefore, next.Attempts, next.Begun, next.Problem = k.State, k.NotBefore, max(k.Attempts, 0), k.Begun, k.Problem
	return q.move(old, next)
}

// Done implements store.Queue.
func (q taskQueue) Done(id, owner string) error {
	if err := q.mayWrite(); err != nil {
		return err
	}
	k, err := q.task(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if isUnreadable(err) {
		return q.discard(id)
	}
	if err != nil {
		return err
	}
	if k.State == store.Claimed && k.Owner != owner {
		return store.ErrConflict
	}
	return q.remove(k)
}

func (q taskQueue) remove(k store.Task) error {
	headed := q.heads(k)
	if err := q.leave(k); err != nil {
		return err
	}
	if err := q.drop(tasks, []byte(k.ID)); err != nil {
		return err
	}
	if err := q.drop(ages, seqKey(k.Seq)); err != nil {
		return err
	}
	if k.Lane == "" {
		return nil
	}
	if err := q.drop(lanes, laneKey(k)); err != nil {
		return err
	}
	if !headed {
		return nil
	}
	return q.promote(k.Lane)
}

func checkTask(k store.Task) error {
	if err := named("task's id and queue", k.ID, k.Queue); err != nil {
		return err
	}
	return plain("task's lane and lock", k.Lane, k.Lock)
}
