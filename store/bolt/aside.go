package bolt

import (
	"errors"
	"fmt"

	"latchkey/store"
)

// A task that can't be read back is set aside: from then on it is found among the
// stuck ones, with a sentence, and is in nobody's way but that of its lane. What
// was stored of it stays as it is, for a version that can read it.

// unreadable is the error of such a task.
type unreadable struct {
	id  string
	err error
}

func (u *unreadable) Error() string {
	return fmt.Sprintf("task %s can't be read back: %v", u.id, u.err)
}

func (u *unreadable) Unwrap() error { return u.err }

func isUnreadable(err error) bool {
	var u *unreadable
	return errors.As(err, &u)
}

// shown finds a task for whoever looks at it, by its number where that is known.
func (q taskQueue) shown(id string, seq uint64) (store.Task, error) {
	k, err := q.task(id)
	if !isUnreadable(err) {
		return k, err
	}
	if seq == 0 {
		seq = q.numberOf(id)
	}
	return store.StandIn(id, seq, err), nil
}

// numberOf searches for a task's number, which is in what can't be read.
func (q taskQueue) numberOf(id string) uint64 {
	for k, v := range q.scan(ages, nil, nil) {
		if string(v) == id {
			return seqOf(k)
		}
	}
	return 0
}

// setAside takes an unreadable task from where it is found by a key.
func (q taskQueue) setAside(id string, which bucket, key []byte) error {
	if err := q.drop(which, key); err != nil {
		return err
	}
	if which == claims {
		if err := q.unlock(id); err != nil {
			return err
		}
	}
	return q.put(stuck, seqKey(seqOf(key)), []byte(id))
}

// unlock frees the lock an unreadable task holds, if it holds one.
func (q taskQueue) unlock(id string) error {
	for k, v := range q.scan(locks, nil, nil) {
		if string(v) == id {
			return q.drop(locks, k)
		}
	}
	return nil
}

// discard removes an unreadable task; its lane moves on.
func (q taskQueue) discard(id string) error {
	seq := seqKey(q.numberOf(id))
	lane := ""
	for k, v := range q.scan(lanes, nil, nil) {
		if string(v) == id {
			lane, _ = splitText(k)
			if err := q.drop(lanes, k); err != nil {
				return err
			}
			break
		}
	}
	if err := errors.Join(q.unlock(id), q.drop(stuck, seq), q.drop(ages, seq), q.drop(tasks, []byte(id))); err != nil {
		return err
	}
	return q.promote(lane)
}

// takeBack makes the tasks of a queue that were set aside, and that this version
// can read, what they were before.
func (q taskQueue) takeBack(queue string) error {
	var all []store.Task
	for _, id := range q.scan(stuck, nil, nil) {
		k, err := q.task(string(id))
		if err == nil && k.Queue == queue && k.State != store.Stuck {
			all = append(all, k)
		}
	}
	for _, k := range all {
		if err := errors.Join(q.drop(stuck, seqKey(k.Seq)), q.enter(k)); err != nil {
			return err
		}
	}
	return nil
}
