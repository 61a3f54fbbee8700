package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"latchkey/store"
)

func isolationChecks() []check {
	return []check{
		{"a function that fails leaves nothing", failsAlone},
		{"functions that fail beside others leave nothing, the others all", failsBesideOthers},
		{"a function that panics leaves nothing and stops nobody", panics},
		{"a function that is left early leaves nothing and stops nobody", exits},
		{"a view can't write", viewRefuses},
		{"a view stays on its state", viewStays},
		{"a cancelled context ends the wait and writes nothing", cancelled},
		{"a transaction dies with its function", txOver},
		{"a closed store says so", closed},
	}
}

// stopError is an error of the caller's own.
type stopError struct{}

func (stopError) Error() string { return "stop" }

func stopped(err error) bool { return errors.Is(err, stopError{}) }

// everything writes something of each sort under a name.
func everything(tx store.Tx, name string) error {
	if _, err := tx.Put(store.Record{Kind: "all", ID: name, Index: []string{"x"}, Due: in(1)}); err != nil {
		return err
	}
	if _, err := eventOf(name, "ann@acme.test", "crm").append(tx); err != nil {
		return err
	}
	if _, err := tx.Enqueue(store.Task{ID: name, Queue: "q", Lane: name, Lock: name}); err != nil {
		return err
	}
	if err := tx.Notify(name); err != nil {
		return err
	}
	_, _, err := tx.Lease(name, "w", in(0), in(60))
	return err
}

// left fails the test unless exactly what these names wrote is there.
func left(t failer, s store.Store, names ...string) {
	t.Helper()
	same(t, "records", find(t, s, "all", "", "", 1_000_000), names...)
	same(t, "by key", find(t, s, "all", "x", "", 1_000_000), names...)
	if n := len(dueIDs(t, s, "all", in(1), 1_000_000)); n != len(names) {
		t.Fatalf("%d records due, want %d", n, len(names))
	}
	if n := len(whole(t, s)); n != len(names) {
		t.Fatalf("%d events, want %d", n, len(names))
	}
	if n := len(listed(t, s, "", 0, 1_000_000)); n != len(names) {
		t.Fatalf("%d tasks, want %d", n, len(names))
	}
}

func failsAlone(t *testing.T, b Backend) {
	err := b.Update(context.Background(), func(tx store.Tx) error {
		if err := everything(tx, "a"); err != nil {
			return err
		}
		return stopError{}
	})
	if err != error(stopError{}) {
		t.Fatalf("got %v, want the function's own error", err)
	}
	left(t, b)
	if !lease(t, b, "a", "other", in(0), in(60)) {
		t.Fatal("the lease was kept")
	}
}

func failsBesideOthers(t *testing.T, b Backend) {
	const crowd = 60
	var wg sync.WaitGroup
	start := make(chan struct{})
	errs := make([]error, crowd)
	var want []string
	for i := range crowd {
		name := fmt.Sprintf("%02d", i)
		if i%3 == 0 {
			want = append(want, name)
		}
		wg.Go(func() {
			<-start
			errs[i] = b.Update(context.Background(), func(tx store.Tx) error { return mixed(tx, name, i) })
		})
	}
	close(start)
	wg.Wait()
	for i, err := range errs {
		if (i%3 == 0) != (err == nil) || err != nil && !stopped(err) {
			t.Fatalf("%d: %v", i, err)
		}
	}
	left(t, b, want...)
}

// mixed succeeds, fails after writing or fails before, in turn.
func mixed(tx store.Tx, name string, i int) error {
	if i%3 == 1 {
		return stopError{}
	}
	if err := everything(tx, name); err != nil {
		return err
	}
	if i%3 == 2 {
		return stopError{}
	}
	return nil
}

func panics(t *testing.T, b Backend) {
	var wg sync.WaitGroup
	var want []string
	for i := range 20 {
		name := fmt.Sprintf("%02d", i)
		if i%2 == 0 {
			want = append(want, name)
		}
		wg.Go(func() {
			defer func() {
				if p := recover(); (p == nil) != (i%2 == 0) {
					t.Errorf("%s: recovered %v", name, p)
				}
			}()
			err := b.Update(context.Background(), func(tx store.Tx) error {
				if err := everything(tx, name); err != nil {
					return err
				}
				if i%2 == 1 {
					panic("on purpose")
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
	left(t, b, want...)
}

func exits(t *testing.T, b Backend) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = b.Update(context.Background(), func(tx store.Tx) error {
			if err := everything(tx, "a"); err != nil {
				return err
			}
			runtime.Goexit() // as t.FailNow does
			return nil
		})
		t.Error("Update came back in a goroutine that had ended")
	}()
	<-ended
	update(t, b, func(tx store.Tx) error { return everything(tx, "b") })
	left(t, b, "b")
}

func viewRefuses(t *testing.T, b Backend) {
	update(t, b, func(tx store.Tx) error { return everything(tx, "a") })
	for name, fn := range map[string]func(tx store.Tx) error{
		"put":     func(tx store.Tx) error { _, err := tx.Put(store.Record{Kind: "all", ID: "b"}); return err },
		"delete":  func(tx store.Tx) error { return tx.Delete("all", "a") },
		"append":  func(tx store.Tx) error { _, err := eventOf("b", "", "").append(tx); return err },
		"enqueue": func(tx store.Tx) error { _, err := tx.Enqueue(store.Task{ID: "b", Queue: "q"}); return err },
		"claim": func(tx store.Tx) error {
			_, err := tx.Claim(store.Claim{Queue: "q", Owner: "w", At: in(0), Until: in(1), Limit: 1})
			return err
		},
		"release": func(tx store.Tx) error { _, err := tx.Release("q", "w"); return err },
		"requeue": func(tx store.Tx) error { return tx.Requeue(store.Task{ID: "a", State: store.Stuck}) },
		"done":    func(tx store.Tx) error { return tx.Done("a", "") },
		"lease":   func(tx store.Tx) error { _, _, err := tx.Lease("b", "w", in(0), in(1)); return err },
		"notify":  func(tx store.Tx) error { return tx.Notify("b") },
	} {
		if err := b.View(context.Background(), fn); err == nil {
			t.Errorf("a view can %s", name)
		}
	}
	left(t, b, "a")
	if k := task(t, b, "a"); k.State != store.Ready {
		t.Fatalf("the task was changed: %+v", k)
	}
}

func viewStays(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "a", ID: "1"})
	view(t, b, func(tx store.Tx) error {
		if _, err := tx.Get("a", "1"); err != nil { // the state is fixed by now at the latest
			return err
		}
		wrote := make(chan struct{})
		go func() {
			defer close(wrote)
			err := b.Update(context.Background(), func(tx store.Tx) error { return everything(tx, "2") })
			if err != nil {
				t.Errorf("an update beside a view: %v", err)
			}
		}()
		<-wrote
		rows, err := tx.Find("all", "", "", 9)
		if len(rows) != 0 {
			t.Errorf("the view sees %v", recordIDs(rows))
		}
		return err
	})
	left(t, b, "2")
}

func cancelled(t *testing.T, b Backend) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := b.Update(ctx, func(tx store.Tx) error { return everything(tx, "a") })
	if !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrConflict) {
		t.Fatalf("update: %v", err)
	}
	if err := b.View(ctx, func(store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Fatalf("view: %v", err)
	}
	left(t, b)
	waiting(t, b)
	left(t, b, "first")
}

// waiting cancels an update while another one holds the store, and wants both
// to end.
func waiting(t *testing.T, b Backend) {
	ctx, cancel := context.WithCancel(context.Background())
	held, ended := make(chan struct{}, 9), make(chan error, 1)
	update(t, b, func(tx store.Tx) error {
		if len(held) == 0 {
			held <- struct{}{}
			go func() {
				ended <- b.Update(ctx, func(tx store.Tx) error {
					<-ctx.Done() // a back end may let both run side by side
					return ctx.Err()
				})
			}()
			cancel()
		}
		return everything(tx, "first")
	})
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatalf("the one that waited: %v", err)
	}
}

func txOver(t *testing.T, b Backend) {
	update(t, b, func(tx store.Tx) error { return everything(tx, "a") })
	var kept []store.Tx
	keep := func(tx store.Tx) error {
		kept = append(kept, tx)
		return nil
	}
	update(t, b, keep)
	view(t, b, keep)
	for _, tx := range kept {
		if _, err := tx.Get("all", "a"); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("get after the end: %v", err)
		}
		if err := tx.Delete("all", "a"); err == nil {
			t.Error("delete after the end went through")
		}
	}
	left(t, b, "a")
}

func closed(t *testing.T, b Backend) {
	for range 2 {
		if err := b.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	nothing := func(store.Tx) error { return nil }
	if err := b.Update(context.Background(), nothing); !errors.Is(err, store.ErrClosed) {
		t.Errorf("update: %v", err)
	}
	if err := b.View(context.Background(), nothing); !errors.Is(err, store.ErrClosed) {
		t.Errorf("view: %v", err)
	}
	if _, err := b.Wait(context.Background(), "a"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("wait: %v", err)
	}
}
