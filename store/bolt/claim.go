package bolt

import (
	"bytes"
	"time"

	"latchkey/store"
)

// Claim implements store.Queue.
func (t *tx) Claim(c store.Claim) ([]store.Task, error) {
	if err := t.mayWrite(); err != nil {
		return nil, err
	}
	if err := named("claim's queue and owner", c.Queue, c.Owner); err != nil {
		return nil, err
	}
	if err := t.expire(c.At); err != nil {
		return nil, err
	}
	var taken []store.Task
	for _, id := range t.claimable(c) {
		k, err := t.claim(id, c)
		if err != nil {
			return nil, err
		}
		taken = append(taken, k)
	}
	return taken, nil
}

// claim marks one task. The caller is told whether it was begun before; what is
// stored says that it is begun now.
func (t *tx) claim(id string, c store.Claim) (store.Task, error) {
	old, err := t.task(id)
	if err != nil {
		return store.Task{}, err
	}
	next := old
	next.State, next.Owner, next.Until, next.Begun = store.Claimed, c.Owner, c.Until, true
	if err := t.move(old, next); err != nil {
		return store.Task{}, err
	}
	next.Until, next.Begun = c.Until.UTC(), old.Begun
	return next, nil
}

// claimable are the ids of the tasks that c would take, best first. Tasks whose
// time has not come end the walk through their priority, for those behind them
// are later still.
func (t *tx) claimable(c store.Claim) []string {
	var ids []string
	taken := map[string]bool{}
	prefix, now := key(c.Queue), withTime(nil, c.At)
	cursor := t.in(ready).Cursor()
	k, v := cursor.Seek(prefix)
	for len(ids) < c.Limit && bytes.HasPrefix(k, prefix) {
		if c.Below > 0 && k[len(prefix)] >= byte(c.Below) {
			break
		}
		if rest := k[len(prefix):]; bytes.Compare(rest[1:1+timeSize], now) > 0 {
			k, v = cursor.Seek(pastPriority(prefix, rest[0]))
			continue
		}
		lock, id := splitText(v)
		if lock == "" || !taken[lock] && t.get(locks, []byte(lock)) == nil {
			taken[lock] = true
			ids = append(ids, id)
		}
		k, v = cursor.Next()
	}
	return ids
}

// NextTask implements store.Queue. A claim that runs out makes its task ready,
// so its end counts too.
func (t *tx) NextTask(queue string) (time.Time, bool, error) {
	if err := t.mayRead(); err != nil {
		return time.Time{}, false, err
	}
	at, ok := t.nextReady(queue)
	for k, v := range t.scan(claims, nil, nil) {
		until := timeOf(k)
		if ok && !until.Before(at) {
			break
		}
		if of, _ := splitText(v); of == queue {
			return until, true, nil
		}
	}
	return at, ok, nil
}

// nextReady is the earliest time among the first tasks of each priority.
func (t *tx) nextReady(queue string) (at time.Time, ok bool) {
	prefix := key(queue)
	cursor := t.in(ready).Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); {
		rest := k[len(prefix):]
		if first := timeOf(rest[1:]); !ok || first.Before(at) {
			at, ok = first, true
		}
		k, _ = cursor.Seek(pastPriority(prefix, rest[0]))
	}
	return at, ok
}

// pastPriority lies behind every ready key of a priority.
func pastPriority(prefix []byte, priority byte) []byte {
	out := append(bytes.Clone(prefix), priority)
	return append(out, bytes.Repeat([]byte{0xff}, timeSize+9)...)
}

// expire makes the claims that ran out ready again, with their locks, whatever
// their queue.
func (t *tx) expire(at time.Time) error {
	var over []store.Task
	for k, v := range t.scan(claims, nil, nil) {
		if timeOf(k).After(at) {
			break
		}
		_, id := splitText(v)
		task, err := t.task(id)
		if err != nil {
			return err
		}
		over = append(over, task)
	}
	return t.free(over)
}

// claimed lists the claimed tasks that match.
func (t *tx) claimed(match func(store.Task) bool) ([]store.Task, error) {
	var found []store.Task
	for _, v := range t.scan(claims, nil, nil) {
		_, id := splitText(v)
		k, err := t.task(id)
		if err != nil {
			return nil, err
		}
		if match(k) {
			found = append(found, k)
		}
	}
	return found, nil
}

// free ends claims without a result.
func (t *tx) free(held []store.Task) error {
	for _, k := range held {
		if err := t.move(k, unclaimed(k)); err != nil {
			return err
		}
	}
	return nil
}

func unclaimed(k store.Task) store.Task {
	k.State, k.Owner, k.Until = store.Ready, "", time.Time{}
	return k
}

// splitText takes the first text off a value made by key.
func splitText(v []byte) (first, rest string) {
	a, b, _ := bytes.Cut(v, []byte{0})
	return string(a), string(b)
}
