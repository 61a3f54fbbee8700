package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"latchkey/store"
)

// stepsTogether takes many steps in one update: each answer is the one that it would have been
// with every step in an update of its own, whatever a store does at once or later.
func stepsTogether(t *testing.T, b Backend) {
	rapid.Check(t, func(rt *rapid.T) {
		(&machine{store: b}).clear(rt)
		clearRecords(rt, b)
		is := world{records: map[string]store.Record{}}
		for range rapid.IntRange(1, 3).Draw(rt, "updates") {
			steps := rapid.SliceOfN(rapid.Custom(drawStep), 1, 12).Draw(rt, "steps")
			var next world
			update(rt, b, func(tx store.Tx) error {
				next = is.clone()
				for i, s := range steps {
					if err := s.take(tx, &next); err != nil {
						return fmt.Errorf("step %d, %s: %w", i+1, s, err)
					}
				}
				return nil
			})
			is = next
		}
		view(rt, b, is.holds)
		workOff(rt, b, &is)
	})
}

// workOff claims and ends whatever can be claimed, in the order that the world says.
func workOff(t failer, s store.Store, is *world) {
	for more := true; more; {
		var next world
		update(t, s, func(tx store.Tx) error {
			next = is.clone()
			c := store.Claim{Queue: "q", Owner: "w", At: monday(), Until: in(3600), Limit: 9}
			taken, err := tx.Claim(c)
			more = len(taken) > 0
			if err := answered(fmt.Sprint(taskIDs(taken)), err, fmt.Sprint(next.model.claim(c)), nil); err != nil {
				return err
			}
			for _, k := range taken {
				if err := answered(0, tx.Done(k.ID, "w"), 0, next.model.done(k.ID, "w")); err != nil {
					return err
				}
			}
			return next.holds(tx)
		})
		*is = next
	}
}

func clearRecords(t failer, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		for id := range 4 {
			if err := tx.Delete("step", fmt.Sprint(id)); err != nil {
				return err
			}
		}
		return nil
	})
}

// world is what a store should hold.
type world struct {
	model   model
	records map[string]store.Record
}

func (w world) clone() world {
	return world{model{slices.Clone(w.model.tasks)}, maps.Clone(w.records)}
}

// step is one thing that is done, or looked at.
type step struct {
	Verb    string
	ID      string
	Owner   string
	Lane    string
	Key     string
	Version uint64
}

func (s step) String() string {
	return fmt.Sprintf("%s %s by %q, lane %q, key %q, version %d", s.Verb, s.ID, s.Owner, s.Lane, s.Key, s.Version)
}

func drawStep(t *rapid.T) step {
	return step{
		Verb: oneOf(t, "verb", "enqueue", "enqueue", "enqueue", "done", "done", "done", "requeue", "claim", "release", "task", "tasks",
			"put", "put", "put", "delete", "get", "find"),
		ID:      fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "id")),
		Owner:   oneOf(t, "owner", "w1", "w2", ""),
		Lane:    oneOf(t, "lane", "", "a", "b"),
		Key:     oneOf(t, "key", "x", "y"),
		Version: uint64(rapid.IntRange(0, 3).Draw(t, "version")),
	}
}

// take takes the step in a store and in the world, and fails if they answer differently.
func (s step) take(tx store.Tx, w *world) error {
	switch s.Verb {
	case "put", "delete", "get", "find":
		return s.takeRecord(tx, w)
	}
	return s.takeTask(tx, w)
}

func (s step) takeTask(tx store.Tx, w *world) error {
	k := store.Task{ID: s.ID, Queue: "q", Lane: s.Lane, Owner: s.Owner, State: store.Stuck, Problem: "it rained"}
	switch s.Verb {
	case "enqueue":
		k = k.Fresh()
		added, err := tx.Enqueue(k)
		return answered(added, err, w.model.enqueue(k), nil)
	case "done":
		return answered(0, tx.Done(s.ID, s.Owner), 0, w.model.done(s.ID, s.Owner))
	case "requeue":
		return answered(0, tx.Requeue(k), 0, w.model.requeue(k))
	case "claim":
		c := store.Claim{Queue: "q", Owner: "w" + s.Key, At: monday(), Until: in(3600), Limit: 2}
		taken, err := tx.Claim(c)
		return answered(fmt.Sprint(taskIDs(taken)), err, fmt.Sprint(w.model.claim(c)), nil)
	case "release":
		n, err := tx.Release("q", s.Owner)
		return answered(n, err, w.model.release("q", s.Owner), nil)
	case "task":
		got, err := tx.Task(s.ID)
		i := w.model.find(s.ID)
		if i < 0 {
			return answered("", err, "", store.ErrNotFound)
		}
		return answered(shownTasks([]store.Task{got}), err, shownTasks(w.model.tasks[i:i+1]), nil)
	}
	return w.model.holds(tx)
}

func (s step) takeRecord(tx store.Tx, w *world) error {
	is, there := w.records[s.ID]
	switch s.Verb {
	case "put":
		if s.Version == 3 { // as who has read it
			s.Version = is.Version
		}
		version, err := tx.Put(store.Record{Kind: "step", ID: s.ID, Version: s.Version, Index: []string{s.Key}, Body: []byte(s.Key)})
		if s.Version != is.Version {
			return answered(version, err, 0, store.ErrConflict)
		}
		w.records[s.ID] = store.Record{Version: s.Version + 1, Index: []string{s.Key}, Body: []byte(s.Key)}
		return answered(version, err, s.Version+1, nil)
	case "delete":
		delete(w.records, s.ID)
		return answered(0, tx.Delete("step", s.ID), 0, nil)
	case "get":
		got, err := tx.Get("step", s.ID)
		if !there {
			return answered("", err, "", store.ErrNotFound)
		}
		return answered(fmt.Sprint(got.Version, got.Index, string(got.Body)), err, fmt.Sprint(is.Version, is.Index, string(is.Body)), nil)
	}
	return w.lists(tx, s.Key)
}

// holds fails unless a store has what the world has, and goes on as it would.
func (w world) holds(tx store.Tx) error {
	return errors.Join(w.model.holds(tx), w.lists(tx, "x"), w.lists(tx, "y"))
}

func (w world) lists(tx store.Tx, key string) error {
	var want []string
	for _, id := range slices.Sorted(maps.Keys(w.records)) {
		if w.records[id].Index[0] == key {
			want = append(want, fmt.Sprint(id, w.records[id].Version))
		}
	}
	found, err := tx.Find("step", key, "", 9)
	var got []string
	for _, r := range found {
		got = append(got, fmt.Sprint(r.ID, r.Version))
	}
	return answered(fmt.Sprint(got), err, fmt.Sprint(want), nil)
}

// holds fails unless a store has the model's tasks, in their order.
func (m *model) holds(tx store.Tx) error {
	found, err := tx.Tasks("", 0, 99)
	return answered(shownTasks(found), err, shownTasks(m.tasks), nil)
}

func shownTasks(all []store.Task) string {
	var b strings.Builder
	for _, k := range all {
		fmt.Fprintf(&b, "%s is %s by %q in lane %q, begun %v, %q; ", k.ID, k.State, k.Owner, k.Lane, k.Begun, k.Problem)
	}
	return b.String()
}

// answered fails unless an answer is the one that was wanted.
func answered[T comparable](got T, err error, want T, wanted error) error {
	if !errors.Is(err, wanted) || (err == nil) != (wanted == nil) {
		return fmt.Errorf("the error is %w, want %v", err, wanted)
	}
	if got != want {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}
