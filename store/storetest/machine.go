package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"latchkey/store"
)

func modelChecks() []check {
	return []check{
		{"the queue does what the model does, whatever comes", queueMachine},
		{"many steps in one update are answered as one by one", stepsTogether},
	}
}

func queueMachine(t *testing.T, b Backend) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{store: b, now: monday()}
		m.clear(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"enqueue": m.enqueue,
			"claim":   m.claim,
			"requeue": m.requeue,
			"done":    m.done,
			"release": m.release,
			"wait":    m.wait,
			"":        m.check,
		})
	})
}

// machine does the same to a store and to the model.
type machine struct {
	store store.Store
	model model
	now   time.Time
	seq   uint64 // of the last task that was enqueued
}

// clear takes away what the run before left, so that one store serves them all.
func (m *machine) clear(t *rapid.T) {
	update(t, m.store, func(tx store.Tx) error {
		left, err := tx.Tasks("", 0, 1_000_000)
		if err != nil {
			return err
		}
		for _, k := range left {
			if err := tx.Done(k.ID, k.Owner); err != nil {
				return err
			}
		}
		return nil
	})
}

func oneOf(t *rapid.T, what string, from ...string) string {
	return rapid.SampledFrom(from).Draw(t, what)
}

func owner(t *rapid.T) string { return oneOf(t, "owner", "w1", "w2") }
func queue(t *rapid.T) string { return oneOf(t, "queue", "q1", "q2") }

func (m *machine) soon(t *rapid.T, what string, most int) time.Time {
	return m.now.Add(time.Duration(rapid.IntRange(0, most).Draw(t, what)) * time.Second)
}

func (m *machine) enqueue(t *rapid.T) {
	k := store.Task{
		ID:        fmt.Sprintf("t%d", rapid.IntRange(0, 15).Draw(t, "id")),
		Queue:     queue(t),
		Priority:  store.Priority(rapid.IntRange(0, 2).Draw(t, "priority")),
		Lane:      oneOf(t, "lane", "", "l1", "l2"),
		Lock:      oneOf(t, "lock", "", "k1", "k2"),
		NotBefore: m.soon(t, "not before", 3),
	}
	added := write(t, m.store, func(tx store.Tx) (bool, error) { return tx.Enqueue(k) })
	if want := m.model.enqueue(k); added != want {
		t.Fatalf("added is %v, want %v", added, want)
	}
	if !added {
		return
	}
	seq := task(t, m.store, k.ID).Seq
	if seq <= m.seq {
		t.Fatalf("task %s has number %d after %d", k.ID, seq, m.seq)
	}
	m.seq = seq
}

func (m *machine) claim(t *rapid.T) {
	c := store.Claim{Queue: queue(t), Owner: owner(t), At: m.now, Until: m.soon(t, "until", 5).Add(time.Second), Limit: rapid.IntRange(1, 4).Draw(t, "limit"), Below: store.Priority(rapid.IntRange(0, 2).Draw(t, "below"))}
	begun := map[string]bool{}
	for _, k := range m.model.tasks {
		begun[k.ID] = k.Begun
	}
	taken := write(t, m.store, func(tx store.Tx) ([]store.Task, error) { return tx.Claim(c) })
	same(t, "claimed", taskIDs(taken), m.model.claim(c)...)
	for _, k := range taken {
		if k.Begun != begun[k.ID] {
			t.Fatalf("%s was claimed with Begun %v, want %v", k.ID, k.Begun, begun[k.ID])
		}
	}
}

// some is a task of the model whose claim, if there is one, has not run out:
// whether a store notices that between claims is its own affair.
func (m *machine) some(t *rapid.T) store.Task {
	m.expireBoth(t)
	if len(m.model.tasks) == 0 {
		return store.Task{ID: "nothing"}
	}
	return rapid.SampledFrom(m.model.tasks).Draw(t, "task")
}

// expireBoth makes store and model look at the clock.
func (m *machine) expireBoth(t *rapid.T) {
	for _, q := range []string{"q1", "q2"} {
		update(t, m.store, func(tx store.Tx) error {
			dead, err := tx.Tasks(store.Claimed, 0, 1_000_000)
			for _, k := range dead {
				if k.Queue == q && !k.Until.After(m.now) && err == nil {
					k.State = store.Ready
					err = tx.Requeue(k)
				}
			}
			return err
		})
	}
	m.model.expire(m.now)
}

func (m *machine) requeue(t *rapid.T) {
	k := m.some(t)
	k.Owner = oneOf(t, "requeued by", "w1", "w2", "")
	k.State = store.TaskState(oneOf(t, "as", string(store.Ready), string(store.Stuck)))
	k.NotBefore, k.Attempts, k.Begun, k.Problem = m.soon(t, "not before", 3), k.Attempts+1, rapid.Bool().Draw(t, "begun"), "it rained"
	m.agree(t, m.model.requeue(k), func(tx store.Tx) error { return tx.Requeue(k) })
}

func (m *machine) done(t *rapid.T) {
	k, by := m.some(t), oneOf(t, "done by", "w1", "w2", "")
	m.agree(t, m.model.done(k.ID, by), func(tx store.Tx) error { return tx.Done(k.ID, by) })
}

// agree does to the store what ended in want in the model.
func (m *machine) agree(t *rapid.T, want error, fn func(tx store.Tx) error) {
	if err := m.store.Update(context.Background(), fn); !errors.Is(err, want) || (err == nil) != (want == nil) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func (m *machine) release(t *rapid.T) {
	m.expireBoth(t)
	q, by := queue(t), owner(t)
	n := write(t, m.store, func(tx store.Tx) (int, error) { return tx.Release(q, by) })
	if want := m.model.release(q, by); n != want {
		t.Fatalf("%d released, want %d", n, want)
	}
}

func (m *machine) wait(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 4).Draw(t, "seconds")) * time.Second)
}

// check compares everything that can be seen. Claims that ran out may still
// show as claimed.
func (m *machine) check(t *rapid.T) {
	got := read(t, m.store, func(tx store.Tx) ([]store.Task, error) { return tx.Tasks("", 0, 1_000_000) })
	if diff := cmp.Diff(m.shown(m.model.tasks), m.shown(got), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("model and store differ:\n%s", diff)
	}
	for _, q := range []string{"q1", "q2"} {
		at := next(t, m.store, q)
		if !at.IsZero() && at.Before(m.now) {
			at = m.now
		}
		if want := m.model.next(q, m.now); !at.Equal(want) {
			t.Fatalf("next in %s is %v, want %v", q, at, want)
		}
	}
}

func (m *machine) shown(all []store.Task) []store.Task {
	out := []store.Task{}
	for _, k := range all {
		if dead(k, m.now) {
			k = loose(k)
		}
		k.Seq = 0
		out = append(out, k)
	}
	return out
}
