package bolt

import (
	"bytes"
	"slices"
	"time"

	"latchkey/store"
)

// Claim implements store.Queue.
func (q taskQueue) Claim(c store.Claim) ([]store.Task, error) {
	if err := q.mayWrite(); err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	if err := q.expire(c.At); err != nil {
		return nil, err
	}
	var taken []store.Task
	for most := c.Limit; ; {
		c.Limit = most - len(taken)
		some, aside, err := q.claimSome(c)
		if err != nil {
			return nil, err
		}
		if taken = append(taken, some...); !aside {
			return taken, nil
		}
	}
}

// claimSome claims what is claimable, and tells whether some of that had to be set
// aside: there may be more then.
func (q taskQueue) claimSome(c store.Claim) (taken []store.Task, aside bool, err error) {
	for _, at := range q.claimable(c) {
		k, err := q.claim(at.id, c)
		switch {
		case isUnreadable(err):
			aside = true
			if err := q.setAside(at.id, ready, at.key); err != nil {
				return nil, false, err
			}
		case err != nil:
			return nil, false, err
		default:
			taken = append(taken, k)
		}
	}
	return taken, aside, nil
}

// found is where a task is found.
type found struct {
	id  string
	key []byte
}

// claim marks one task. The caller is told whether it was begun before; what is
// stored says that it is begun now.
func (q taskQueue) claim(id string, c store.Claim) (store.Task, error) {
	old, err := q.task(id)
	if err != nil {
		return store.Task{}, err
	}
	next := old
	next.State, next.Owner, next.Until, next.Begun = store.Claimed, c.Owner, c.Until, true
	if err := q.move(old, next); err != nil {
		return store.Task{}, err
	}
	next.Until, next.Begun = c.Until.UTC(), old.Begun
	return next, nil
}

// claimable are the tasks that c would take, best first. Tasks whose time has not
// come end the walk through their priority, for those behind them are later still.
func (q taskQueue) claimable(c store.Claim) []found {
	var all []found
	taken := map[string]bool{}
	prefix, now := key(c.Queue), withTime(nil, c.At)
	cursor := q.in(ready).Cursor()
	k, v := cursor.Seek(prefix)
	for len(all) < c.Limit && bytes.HasPrefix(k, prefix) {
		if c.Below > 0 && k[len(prefix)] >= byte(c.Below) {
			break
		}
		if rest := k[len(prefix):]; bytes.Compare(rest[1:1+timeSize], now) > 0 {
			k, v = cursor.Seek(pastPriority(prefix, rest[0]))
			continue
		}
		lock, id := splitText(v)
		if lock == "" || !taken[lock] && q.get(locks, []byte(lock)) == nil {
			taken[lock] = true
			all = append(all, found{id, bytes.Clone(k)})
		}
		k, v = cursor.Next()
	}
	return all
}

// NextTask implements store.Queue. A claim that runs out makes its task ready,
// so its end counts too.
func (q taskQueue) NextTask(queue string) (time.Time, bool, error) {
	if err := q.mayRead(); err != nil {
		return time.Time{}, false, err
	}
	at, ok := q.nextReady(queue)
	for k, v := range q.scan(claims, nil, nil) {
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
func (q taskQueue) nextReady(queue string) (at time.Time, ok bool) {
	prefix := key(queue)
	cursor := q.in(ready).Cursor()
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
func (q taskQueue) expire(at time.Time) error {
	var over []found
	for k, v := range q.scan(claims, nil, nil) {
		if timeOf(k).After(at) {
			break
		}
		_, id := splitText(v)
		over = append(over, found{id, bytes.Clone(k)})
	}
	held, err := q.legible(over)
	if err != nil {
		return err
	}
	return q.free(held)
}

// claimed lists the claimed tasks of a queue that match.
func (q taskQueue) claimed(queue string, match func(store.Task) bool) ([]store.Task, error) {
	var all []found
	for k, v := range q.scan(claims, nil, nil) {
		if of, id := splitText(v); of == queue {
			all = append(all, found{id, bytes.Clone(k)})
		}
	}
	held, err := q.legible(all)
	return slices.DeleteFunc(held, func(k store.Task) bool { return !match(k) }), err
}

// legible are claimed tasks that can be read. The others are set aside.
func (q taskQueue) legible(claimed []found) (all []store.Task, err error) {
	for _, at := range claimed {
		k, err := q.task(at.id)
		switch {
		case isUnreadable(err):
			if err := q.setAside(at.id, claims, at.key); err != nil {
				return nil, err
			}
		case err != nil:
			return nil, err
		default:
			all = append(all, k)
		}
	}
	return all, nil
}

// free ends claims without a result.
func (q taskQueue) free(held []store.Task) error {
	for _, k := range held {
		if err := q.move(k, k.Unclaimed()); err != nil {
			return err
		}
	}
	return nil
}

// splitText takes the first text off a value made by key.
func splitText(v []byte) (first, rest string) {
	a, b, _ := bytes.Cut(v, []byte{0})
	return string(a), string(b)
}
