package bolt

import (
	"errors"
	"fmt"
	"time"

	"latchkey/store"
)

// Enqueue implements store.Queue.
func (t *tx) Enqueue(k store.Task) (bool, error) {
	if err := t.mayWrite(); err != nil {
		return false, err
	}
	if err := checkTask(k); err != nil {
		return false, err
	}
	if t.get(tasks, []byte(k.ID)) != nil {
		return false, nil
	}
	seq, err := t.in(tasks).NextSequence()
	if err != nil {
		return false, err
	}
	k.Seq, k.State = seq, store.Ready
	k.Attempts, k.Begun, k.Owner, k.Until, k.Problem = 0, false, "", time.Time{}, ""
	return true, t.add(k)
}

func (t *tx) add(k store.Task) error {
	if err := t.put(ages, seqKey(k.Seq), []byte(k.ID)); err != nil {
		return err
	}
	if k.Lane != "" {
		if err := t.put(lanes, laneKey(k), []byte(k.ID)); err != nil {
			return err
		}
	}
	if err := t.put(tasks, []byte(k.ID), packTask(k)); err != nil {
		return err
	}
	return t.enter(k)
}

// Release implements store.Queue.
func (t *tx) Release(queue, owner string) (int, error) {
	if err := t.mayWrite(); err != nil {
		return 0, err
	}
	if err := t.takeBack(queue); err != nil {
		return 0, err
	}
	held, err := t.claimed(queue, func(k store.Task) bool { return k.Owner != owner })
	if err != nil {
		return 0, err
	}
	return len(held), t.free(held)
}

// Settle implements store.Queue.
func (t *tx) Settle(k store.Task) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	if k.State != store.Ready && k.State != store.Stuck {
		return fmt.Errorf("store: a task settles as %s or %s, not %q", store.Ready, store.Stuck, k.State)
	}
	old, err := t.task(k.ID)
	if err != nil {
		return err
	}
	if old.State == store.Claimed && old.Owner != k.Owner {
		return store.ErrConflict
	}
	next := unclaimed(old)
	next.State, next.NotBefore, next.Attempts, next.Begun, next.Problem = k.State, k.NotBefore, max(k.Attempts, 0), k.Begun, k.Problem
	return t.move(old, next)
}

// Done implements store.Queue.
func (t *tx) Done(id, owner string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	k, err := t.task(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if isUnreadable(err) {
		return t.discard(id)
	}
	if err != nil {
		return err
	}
	if k.State == store.Claimed && k.Owner != owner {
		return store.ErrConflict
	}
	return t.remove(k)
}

func (t *tx) remove(k store.Task) error {
	headed := t.heads(k)
	if err := t.leave(k); err != nil {
		return err
	}
	if err := t.drop(tasks, []byte(k.ID)); err != nil {
		return err
	}
	if err := t.drop(ages, seqKey(k.Seq)); err != nil {
		return err
	}
	if k.Lane == "" {
		return nil
	}
	if err := t.drop(lanes, laneKey(k)); err != nil {
		return err
	}
	if !headed {
		return nil
	}
	return t.promote(k.Lane)
}

func checkTask(k store.Task) error {
	if err := named("task's id and queue", k.ID, k.Queue); err != nil {
		return err
	}
	return plain("task's lane and lock", k.Lane, k.Lock)
}
