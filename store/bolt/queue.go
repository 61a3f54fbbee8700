package bolt

import (
	"errors"

	"latchkey/store"
)

// Enqueue implements store.Queue.
func (q taskQueue) Enqueue(k store.Task) (bool, error) {
	if err := q.mayWrite(); err != nil {
		return false, err
	}
	if err := k.Check(); err != nil {
		return false, err
	}
	if q.get(tasks, []byte(k.ID)) != nil {
		return false, nil
	}
	seq, err := q.in(tasks).NextSequence()
	if err != nil {
		return false, err
	}
	k = k.Fresh()
	k.Seq = seq
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
	old, err := q.task(k.ID)
	if err != nil {
		return err
	}
	next, err := old.Requeued(k)
	if err != nil {
		return err
	}
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
