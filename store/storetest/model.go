package storetest

import (
	"cmp"
	"slices"
	"time"

	"latchkey/store"
)

// model is the queue as a slice in order of age: slow, and plain enough to be
// seen right. The property in machine.go holds a store against it.
type model struct {
	tasks []store.Task
}

func (m *model) find(id string) int {
	return slices.IndexFunc(m.tasks, func(k store.Task) bool { return k.ID == id })
}

func (m *model) enqueue(k store.Task) bool {
	if m.find(k.ID) >= 0 {
		return false
	}
	k.State = store.Ready
	m.tasks = append(m.tasks, k)
	return true
}

// expire makes claims that ran out ready.
func (m *model) expire(at time.Time) {
	for i, k := range m.tasks {
		if dead(k, at) {
			m.tasks[i] = loose(k)
		}
	}
}

func dead(k store.Task, at time.Time) bool { return k.State == store.Claimed && !k.Until.After(at) }

func loose(k store.Task) store.Task {
	k.State, k.Owner, k.Until = store.Ready, "", time.Time{}
	return k
}

// head tells whether no older task of the lane lives.
func (m *model) head(k store.Task) bool {
	if k.Lane == "" {
		return true
	}
	oldest := slices.IndexFunc(m.tasks, func(o store.Task) bool { return o.Lane == k.Lane })
	return m.tasks[oldest].ID == k.ID
}

func (m *model) locked(lock string) bool {
	return lock != "" && slices.ContainsFunc(m.tasks, func(k store.Task) bool {
		return k.State == store.Claimed && k.Lock == lock
	})
}

func (m *model) claim(c store.Claim) []string {
	m.expire(c.At)
	var open []store.Task
	for _, k := range m.tasks {
		if k.Queue == c.Queue && k.State == store.Ready && !k.NotBefore.After(c.At) && m.head(k) && (c.Below == 0 || k.Priority < c.Below) {
			open = append(open, k)
		}
	}
	slices.SortStableFunc(open, func(a, b store.Task) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.NotBefore.Compare(b.NotBefore))
	})
	var ids []string
	for _, k := range open {
		if len(ids) == c.Limit || m.locked(k.Lock) {
			continue
		}
		i := m.find(k.ID)
		m.tasks[i].State, m.tasks[i].Owner, m.tasks[i].Until, m.tasks[i].Begun = store.Claimed, c.Owner, c.Until, true
		ids = append(ids, k.ID)
	}
	return ids
}

func (m *model) release(queue, owner string) int {
	n := 0
	for i, k := range m.tasks {
		if k.Queue == queue && k.State == store.Claimed && k.Owner != owner {
			m.tasks[i] = loose(k)
			n++
		}
	}
	return n
}

func (m *model) requeue(k store.Task) error {
	i := m.find(k.ID)
	if i < 0 {
		return store.ErrNotFound
	}
	if m.held(i, k.Owner) {
		return store.ErrConflict
	}
	m.tasks[i] = loose(m.tasks[i])
	m.tasks[i].State, m.tasks[i].NotBefore, m.tasks[i].Attempts, m.tasks[i].Begun, m.tasks[i].Problem = k.State, k.NotBefore, k.Attempts, k.Begun, k.Problem
	return nil
}

func (m *model) done(id, owner string) error {
	i := m.find(id)
	if i < 0 {
		return nil
	}
	if m.held(i, owner) {
		return store.ErrConflict
	}
	m.tasks = slices.Delete(m.tasks, i, i+1)
	return nil
}

// held tells whether somebody else has claimed the task.
func (m *model) held(i int, owner string) bool {
	return m.tasks[i].State == store.Claimed && m.tasks[i].Owner != owner
}

// next is the earliest time at which a claim of the queue could give something;
// zero for never. Times that have passed are all the same.
func (m *model) next(queue string, now time.Time) time.Time {
	var at time.Time
	for _, k := range m.tasks {
		if k.Queue != queue || k.State == store.Stuck || !m.head(k) {
			continue
		}
		open := k.NotBefore
		if k.State == store.Claimed {
			open = k.Until
		}
		if open.Before(now) {
			open = now
		}
		if at.IsZero() || open.Before(at) {
			at = open
		}
	}
	return at
}
