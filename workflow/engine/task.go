package engine

import (
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Enqueue makes a task ready to run now, in its place among those of its class,
// and reports whether it is new: of tasks with the same id only one lives at a
// time, and a further one is nothing.
func (u *Unit) Enqueue(t store.Task) (added bool, err error) { return u.EnqueueFor(t, u.At) }

// EnqueueFor is Enqueue for a task that is ready from a moment on.
func (u *Unit) EnqueueFor(t store.Task, from time.Time) (added bool, err error) {
	if from.Before(u.At) {
		from = u.At
	}
	owner, err := u.owner(t)
	if err != nil {
		return false, err
	}
	key := shareKey{t.Queue, owner}
	if owner != "" {
		t.Priority += band(u.units.shares.of(key, u.At) + float64(u.enqueued[key]))
	}
	t.State, t.NotBefore, t.Created, t.Schema = store.Ready, from, u.At, max(t.Schema, 1)
	if added, err = u.Tx.Enqueue(t); err != nil {
		return false, fmt.Errorf("enqueue %s: %w", t.ID, err)
	}
	if added && owner != "" {
		put(&u.enqueued, key, u.enqueued[key]+1)
	}
	u.touch(queueTopic(t.Queue))
	return added, nil
}

// EnqueueBy is EnqueueFor for a task that may be waiting for a later moment already: then it is
// ready as soon as either wants it. One that is under way, or is tried again, is left alone.
func (u *Unit) EnqueueBy(t store.Task, by time.Time) error {
	if by.Before(u.At) {
		by = u.At
	}
	added, err := u.EnqueueFor(t, by)
	if err != nil || added {
		return err
	}
	waits, err := u.Tx.Task(t.ID)
	if err != nil || waits.State != store.Ready || waits.Attempts > 0 || waits.Begun || !waits.NotBefore.After(by) {
		return err
	}
	waits.NotBefore = by
	u.touch(queueTopic(waits.Queue))
	return u.Tx.Requeue(waits)
}

// owner is whose a task is. All tasks about one subject are the same person's.
func (u *Unit) owner(t store.Task) (string, error) {
	if t.Subject == (access.Subject{}) {
		return "", nil
	}
	if owner, known := u.shareOf[t.Subject]; known {
		return owner, nil
	}
	owner, err := u.units.shareOf(u, t)
	if err != nil && !errors.Is(err, store.ErrNotFound) && !damaged(err) {
		return "", fmt.Errorf("find out whose task %s is: %w", t.ID, err)
	}
	put(&u.shareOf, t.Subject, owner)
	return owner, nil
}

// Expedite lets a task that waits for its next attempt, or for a human, run now,
// with all its attempts before it. One that is under way is left alone, and tried again
// at once should it fail.
func (u *Unit) Expedite(id string) error {
	t, err := u.Tx.Task(id)
	if err != nil {
		return fmt.Errorf("task %s: %w", id, err)
	}
	if t.State == store.Claimed {
		u.units.reruns.want(t.Seq)
		return nil
	}
	t.State, t.NotBefore, t.Attempts = store.Ready, u.At, 0
	u.touch(queueTopic(t.Queue))
	return u.Tx.Requeue(t)
}

// Drop takes back a task that nobody has begun; one that is under way finishes.
func (u *Unit) Drop(id string) error {
	if err := u.Tx.Done(id, ""); err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("drop task %s: %w", id, err)
	}
	return nil
}
