package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/store"
	"latchkey/store/group"
)

var errStop = errors.New("stop")

func openTemp(t testing.TB, opts Options) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "latchkey.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// serveTogether runs the functions in one group and returns how they ended.
func serveTogether(s *Store, fns ...func(store.Tx) error) []error {
	var wg sync.WaitGroup
	var together group.Group[*tx]
	errs := make([]error, len(fns))
	for i, fn := range fns {
		c := group.NewCall[*tx](context.Background())
		together = append(together, c)
		wg.Go(func() { errs[i] = c.Run(inTurn(fn)) })
	}
	together.Serve(s.try)
	wg.Wait()
	return errs
}

// commits is the number of the last transaction that was written.
func commits(t *testing.T, s *Store) int {
	t.Helper()
	btx, err := s.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = btx.Rollback() }()
	return btx.ID()
}

// writer puts a record and counts how often it ran.
func writer(runs *int, id string, end error) func(store.Tx) error {
	return func(tx store.Tx) error {
		*runs++
		if _, err := tx.Put(store.Record{Kind: "a", ID: id}); err != nil {
			return err
		}
		return end
	}
}

func stored(t *testing.T, s *Store) []string {
	t.Helper()
	var ids []string
	err := s.View(context.Background(), func(tx store.Tx) error {
		rows, err := tx.Find("a", "", "", 100)
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestGroupIsOneCommit(t *testing.T) {
	s := openTemp(t, Options{})
	before := commits(t, s)
	var runs [20]int
	var fns []func(store.Tx) error
	for i := range runs {
		fns = append(fns, writer(&runs[i], fmt.Sprintf("%02d", i), nil))
	}
	if err := errors.Join(serveTogether(s, fns...)...); err != nil {
		t.Fatal(err)
	}
	if n := commits(t, s) - before; n != 1 {
		t.Errorf("%d commits, want 1", n)
	}
	if slices.Max(runs[:]) != 1 || len(stored(t, s)) != len(runs) {
		t.Errorf("ran %v, stored %v", runs, stored(t, s))
	}
}

func TestGroupWithoutWritesIsNoCommit(t *testing.T) {
	s := openTemp(t, Options{})
	before := commits(t, s)
	look := func(tx store.Tx) error { _, _, err := tx.NextDue("a"); return err }
	if err := errors.Join(serveTogether(s, look, look)...); err != nil {
		t.Fatal(err)
	}
	if n := commits(t, s) - before; n != 0 {
		t.Errorf("%d commits, want none", n)
	}
}

func TestGroupGoesOnWithoutTheFailed(t *testing.T) {
	s := openTemp(t, Options{})
	var runs [3]int
	errs := serveTogether(s, writer(&runs[0], "0", nil), writer(&runs[1], "1", errStop), writer(&runs[2], "2", nil))
	if errs[0] != nil || !errors.Is(errs[1], errStop) || errs[2] != nil {
		t.Errorf("ended in %v", errs)
	}
	if got := stored(t, s); !slices.Equal(got, []string{"0", "2"}) {
		t.Errorf("stored %v", got)
	}
	if runs != [3]int{2, 1, 1} {
		t.Errorf("ran %v: the one before the failed has to run again, nobody else", runs)
	}
}

func TestGroupIsNotDisturbedByARefusal(t *testing.T) {
	s := openTemp(t, Options{})
	var runs [2]int
	refuse := func(store.Tx) error { return errStop }
	errs := serveTogether(s, writer(&runs[0], "0", nil), refuse, writer(&runs[1], "1", nil))
	if errs[0] != nil || !errors.Is(errs[1], errStop) || errs[2] != nil {
		t.Errorf("ended in %v", errs)
	}
	if runs != [2]int{1, 1} {
		t.Errorf("ran %v, want once each", runs)
	}
}

func TestGroupGoesOnWithoutTheLost(t *testing.T) {
	s := openTemp(t, Options{})
	var runs [2]int
	lost := func(store.Tx) error {
		runtime.Goexit()
		return nil
	}
	errs := serveTogether(s, lost, writer(&runs[0], "0", errStop), writer(&runs[1], "1", nil))
	if !errors.Is(errs[1], errStop) || errs[2] != nil {
		t.Errorf("ended in %v", errs)
	}
	if got := stored(t, s); !slices.Equal(got, []string{"1"}) {
		t.Errorf("stored %v", got)
	}
}

func TestGroupSkipsTheCancelled(t *testing.T) {
	s := openTemp(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := group.NewCall[*tx](ctx)
	group.Group[*tx]{c}.Serve(s.try)
	if err := c.Run(func(*tx) error { return errStop }); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestAFailingDiskIsTriedAgain(t *testing.T) {
	s := openTemp(t, Options{})
	var runs int
	if err := errors.Join(serveTogether(s, writer(&runs, "0", nil))...); err != nil {
		t.Fatal(err)
	}
	if err := s.refused(errors.New("input/output error")); !strings.Contains(err.Error(), "check the disk") {
		t.Errorf("the sentence says no remedy: %v", err)
	}
	err := s.Update(context.Background(), writer(&runs, "1", nil))
	if !errors.Is(err, store.ErrUnwritable) || runs != 1 || s.Trouble() == nil {
		t.Errorf("an update on a failing disk: %v after %d runs", err, runs)
	}
	if got := stored(t, s); !slices.Equal(got, []string{"0"}) {
		t.Errorf("stored %v", got)
	}
	if first := s.resting.Load(); s.refused(errors.New("again")) == nil || s.resting.Load().pause <= first.pause {
		t.Error("it is tried as soon as before")
	}
	s.resting.Load().over.Store(true) // the pause
	if err := s.Update(context.Background(), writer(&runs, "2", nil)); err != nil || s.Trouble() != nil {
		t.Errorf("then: %v, %v", err, s.Trouble())
	}
	if got := stored(t, s); !slices.Equal(got, []string{"0", "2"}) {
		t.Errorf("stored %v", got)
	}
}
