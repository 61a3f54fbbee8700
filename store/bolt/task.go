package bolt

import (
	"fmt"
	"time"

	"latchkey/store"
)

// taskQueue implements store.Queue.
type taskQueue struct{ *handle }

// Task implements store.Queue.
func (q taskQueue) Task(id string) (store.Task, error) {
	if err := q.mayRead(); err != nil {
		return store.Task{}, err
	}
	return q.shown(id, 0)
}

func (q taskQueue) task(id string) (store.Task, error) {
	raw := q.get(tasks, []byte(id))
	if raw == nil {
		return store.Task{}, store.ErrNotFound
	}
	k, err := unpackTask(id, raw)
	if err != nil {
		return k, &unreadable{id, err}
	}
	return k, nil
}

// Tasks implements store.Queue.
func (q taskQueue) Tasks(state store.TaskState, after uint64, limit int) ([]store.Task, error) {
	if err := q.mayRead(); err != nil {
		return nil, err
	}
	which := ages
	if state == store.Stuck {
		which = stuck
	}
	var found []store.Task
	for k, id := range q.scan(which, nil, seqKey(after)) {
		if len(found) >= limit {
			break
		}
		if seqOf(k) == after {
			continue
		}
		task, err := q.shown(string(id), seqOf(k))
		if err != nil {
			return nil, err
		}
		if state == "" || task.State == state {
			found = append(found, task)
		}
	}
	return found, nil
}

// move changes a stored task and everything it is found by.
func (q taskQueue) move(old, next store.Task) error {
	if err := q.leave(old); err != nil {
		return err
	}
	if err := q.put(tasks, []byte(next.ID), packTask(next)); err != nil {
		return err
	}
	return q.enter(next)
}

// enter makes a task findable by where it stands. Of a lane only the head is
// ready.
func (q taskQueue) enter(k store.Task) error {
	switch k.State {
	case store.Stuck:
		return q.put(stuck, seqKey(k.Seq), []byte(k.ID))
	case store.Claimed:
		if k.Lock != "" {
			if err := q.put(locks, []byte(k.Lock), []byte(k.ID)); err != nil {
				return err
			}
		}
		return q.put(claims, claimKey(k), withID(key(k.Queue), k.ID))
	default:
		if !q.heads(k) {
			return nil
		}
		return q.put(ready, readyKey(k), withID(key(k.Lock), k.ID))
	}
}

// leave undoes enter.
func (q taskQueue) leave(k store.Task) error {
	switch k.State {
	case store.Stuck:
		return q.drop(stuck, seqKey(k.Seq))
	case store.Claimed:
		if k.Lock != "" {
			if err := q.drop(locks, []byte(k.Lock)); err != nil {
				return err
			}
		}
		return q.drop(claims, claimKey(k))
	default:
		return q.drop(ready, readyKey(k))
	}
}

// heads tells whether the task is the oldest living one of its lane. A task
// without a lane is alone.
func (q taskQueue) heads(k store.Task) bool {
	if k.Lane == "" {
		return true
	}
	lane := key(k.Lane)
	for first := range q.scan(lanes, lane, lane) {
		return seqOf(first) == k.Seq
	}
	return false
}

// promote makes the new head of a lane ready, unless it waits for a human.
func (q taskQueue) promote(lane string) error {
	if lane == "" {
		return nil
	}
	prefix := key(lane)
	for k, id := range q.scan(lanes, prefix, prefix) {
		head, err := q.task(string(id))
		if isUnreadable(err) {
			return q.put(stuck, seqKey(seqOf(k)), id)
		}
		if err != nil {
			return err
		}
		return q.enter(head)
	}
	return nil
}

// readyKey sorts what may be claimed: by priority, then time, then age.
func readyKey(k store.Task) []byte {
	return withSeq(withTime(append(key(k.Queue), byte(k.Priority)), k.NotBefore), k.Seq)
}

// claimKey sorts what is claimed by when the claim ends.
func claimKey(k store.Task) []byte { return withSeq(withTime(nil, k.Until), k.Seq) }

func laneKey(k store.Task) []byte { return withSeq(key(k.Lane), k.Seq) }

func packTask(k store.Task) []byte {
	p := make(packer, 0, 192+len(k.Payload))
	for _, s := range []string{k.Queue, k.Kind, k.Subject.String(), k.Lane, k.Lock, string(k.State), k.Owner, k.Problem} {
		p.text(s)
	}
	for _, n := range []uint64{uint64(k.Priority), uint64(k.Attempts), k.Seq, uint64(k.Schema)} {
		p.number(n)
	}
	for _, at := range []time.Time{k.NotBefore, k.Created, k.Until} {
		p.moment(at)
	}
	p.flag(k.Begun)
	return append(p, k.Payload...)
}

func unpackTask(id string, raw []byte) (store.Task, error) {
	u := &unpacker{rest: raw, whole: string(raw)}
	k := store.Task{ID: id}
	var subject string
	for _, s := range []*string{&k.Queue, &k.Kind, &subject, &k.Lane, &k.Lock, (*string)(&k.State), &k.Owner, &k.Problem} {
		*s = u.text()
	}
	k.Priority, k.Attempts, k.Seq, k.Schema = store.Priority(u.number()), int(u.number()), u.number(), int(u.number())
	for _, at := range []*time.Time{&k.NotBefore, &k.Created, &k.Until} {
		*at = u.moment()
	}
	k.Begun = u.flag()
	k.Payload = append([]byte(nil), u.rest...) // nil if there is none
	err := u.err
	if err == nil {
		err = k.Subject.UnmarshalText([]byte(subject))
	}
	if err != nil {
		return store.Task{}, fmt.Errorf("task %s: %w", id, err)
	}
	return k, nil
}
