package copying_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/copying"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

func openBolt(t *testing.T, name string) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), name), bolt.Options{NoSync: true, Stretch: 64})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func openPostgres(t *testing.T, dsn string) store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Alone: true, Stretch: 64})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func at(seconds int) time.Time { return time.Date(2026, 3, 2, 9, 0, seconds, 7, time.UTC) }

// fill makes a store with something of everything, and of some more than a page.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	if err := store.BeginLog(t.Context(), s, "acme.test"); err != nil {
		t.Fatal(err)
	}
	for i := range 450 {
		err := s.Update(t.Context(), func(tx store.Tx) error { return something(tx, i) })
		if err != nil {
			t.Fatal(err)
		}
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.Erase([]uint64{3}); err != nil {
			return err
		}
		taken, err := tx.Claim(store.Claim{Queue: "q", Owner: "gone", At: at(0), Until: at(60), Limit: 2})
		if err != nil {
			return err
		}
		taken[0].State, taken[0].Problem, taken[0].Attempts = store.Stuck, "it rained", 3
		return tx.Requeue(taken[0])
	})
	if err != nil {
		t.Fatal(err)
	}
}

func something(tx store.Tx, i int) error {
	id := fmt.Sprintf("R-%04d", i)
	r := store.Record{Kind: "thing", ID: id, Schema: 2, Body: []byte(id), Index: []string{"odd:" + fmt.Sprint(i%2)}, Due: at(i)}
	for range i%3 + 1 {
		version, err := tx.Put(r)
		if err != nil {
			return err
		}
		r.Version = version
	}
	if _, err := store.Append(tx, access.Event{Kind: access.EventSubmitted, At: at(i), Request: id, Person: "P-1", App: "crm", Note: "because " + id}); err != nil {
		return err
	}
	_, err := tx.Enqueue(store.Task{ID: id, Queue: "q", Kind: "k", Lane: fmt.Sprint(i % 7), Payload: []byte(id), Created: at(i)})
	return err
}

func quietly(copying.Progress) {}

// There and back again: what comes back is what there was, and a copy that was broken off
// goes on.
func TestThereAndBack(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	from, middle, back := openBolt(t, "from.db"), openPostgres(t, dsn), openBolt(t, "back.db")
	fill(t, from)
	ctx, cancel := context.WithCancel(t.Context())
	for stop := 1; ctx.Err() == nil && stop < 4; stop++ {
		steps := 0
		_, err := copying.Copy(ctx, from, breaking{middle, &steps, stop * 2}, quietly)
		if !errors.Is(err, errBroken) {
			t.Fatalf("broken off: %v", err)
		}
		if yes, err := copying.Unfinished(ctx, middle); err != nil || !yes {
			t.Fatalf("a copy that was broken off doesn't say so: %v", err)
		}
	}
	cancel()
	done, err := copying.Copy(t.Context(), from, middle, quietly)
	if err != nil || done.Events != 450 || done.Tasks != 450 {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := copying.Copy(t.Context(), middle, back, quietly); err != nil {
		t.Fatal(err)
	}
	if yes, err := copying.Unfinished(t.Context(), back); err != nil || yes {
		t.Errorf("a whole copy says that it is none: %v", err)
	}
	if _, err := copying.Copy(t.Context(), from, middle, quietly); !errors.Is(err, copying.ErrNotEmpty) {
		t.Errorf("a copy into a store with something in it: %v", err)
	}
	found := 0
	err = back.View(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Find("thing", "odd:1", "", 999)
		found = len(rows)
		if r, absent := tx.Get("thing", "R-0002"); absent != nil || r.Version != 3 || !r.Due.Equal(at(2)) {
			t.Errorf("%+v, %v", r, absent)
		}
		if all, absent := store.Events(tx, store.Filter{Person: "P-1", App: "crm"}, 0, 999); absent != nil || len(all) != 450 || all[1].Note != "because R-0001" || all[2].Note != "" {
			t.Errorf("%d events, %v", len(all), absent)
		}
		if k, absent := tx.Task("R-0000"); absent != nil || k.State != store.Stuck || k.Problem != "it rained" || k.Attempts != 3 {
			t.Errorf("%+v, %v", k, absent)
		}
		return err
	})
	if err != nil || found != 225 {
		t.Errorf("%d found, %v", found, err)
	}
}

// Broken off at whichever step, it says so, no copy is made of it, and it goes on to the same end.
func TestBrokenOffAtEveryStep(t *testing.T) {
	from := openBolt(t, "from.db")
	fill(t, from)
	for stop := 1; ; stop++ {
		to, steps := openBolt(t, "to.db"), 0
		done, err := copying.Copy(t.Context(), from, breaking{to, &steps, stop}, quietly)
		if err == nil && stop > 6 && done.Records > 0 {
			return // it was done before
		}
		if !errors.Is(err, errBroken) {
			t.Fatalf("broken off at step %d: %v", stop, err)
		}
		if yes, err := copying.Unfinished(t.Context(), to); err != nil || !yes {
			t.Fatalf("broken off at step %d it doesn't say so: %v", stop, err)
		}
		if _, err := copying.Copy(t.Context(), to, openBolt(t, "further.db"), quietly); !errors.Is(err, copying.ErrPart) {
			t.Fatalf("broken off at step %d it is copied: %v", stop, err)
		}
		if done, err := copying.Copy(t.Context(), from, to, quietly); err != nil || done.Events != 450 || done.Tasks != 450 {
			t.Fatalf("after step %d: %+v, %v", stop, done, err)
		}
		if yes, err := copying.Unfinished(t.Context(), to); err != nil || yes {
			t.Fatalf("after step %d it isn't whole: %v", stop, err)
		}
	}
}

// Nobody may have either store open meanwhile.
func TestOthersAreKeptOut(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	one, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Alone: true}); !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "(one on its own machine since ") {
		t.Errorf("while a bot runs: %v", err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	openPostgres(t, dsn)
	if _, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{}); !errors.Is(err, store.ErrInUse) {
		t.Errorf("while it is copied: %v", err)
	}
}

// A copy that lacks something is found out.
func TestADifferenceIsFound(t *testing.T) {
	for name, spoil := range map[string]func(store.Tx) error{
		"a record less": func(tx store.Tx) error { return tx.Delete("thing", "R-0001") },
		"a record more": func(tx store.Tx) error { _, err := tx.Put(store.Record{Kind: "extra", ID: "1"}); return err },
		"another body": func(tx store.Tx) error {
			r, err := tx.Get("thing", "R-0001")
			r.Body = []byte("other")
			if err == nil {
				err = tx.(store.Copyable).PutAs(r)
			}
			return err
		},
		"a task less": func(tx store.Tx) error { return tx.Done("R-0005", "") },
		"an erasure":  func(tx store.Tx) error { return tx.Erase([]uint64{4}) },
	} {
		t.Run(name, func(t *testing.T) {
			from, to := openBolt(t, "from.db"), openBolt(t, "to.db")
			fill(t, from)
			if _, err := copying.Copy(t.Context(), from, spoiled{to, spoil}, quietly); err == nil {
				t.Error("nothing was found")
			}
		})
	}
}

// breaking fails after some updates.
type breaking struct {
	store.Store
	steps *int
	most  int
}

var errBroken = errors.New("the cable was pulled")

func (b breaking) Update(ctx context.Context, fn func(store.Tx) error) error {
	if *b.steps++; *b.steps > b.most {
		return errBroken
	}
	return b.Store.Update(ctx, fn)
}

func (b breaking) Sealed(ctx context.Context) error {
	if later, ok := b.Store.(store.Sealer); ok {
		return later.Sealed(ctx)
	}
	return nil
}

// spoiled does something else beside the copying of the last tasks.
type spoiled struct {
	store.Store
	do func(store.Tx) error
}

func (s spoiled) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		if left, err := tx.Tasks("", 0, 999); err != nil || len(left) < 450 {
			return err
		}
		return s.do(tx)
	})
}
