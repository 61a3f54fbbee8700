package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"latchkey/store"
)

func waitChecks() []check {
	return []check{
		{"whoever waits hears of what is committed", waitHears},
		{"what is not committed is not heard of", waitHearsNothing},
		{"notices that pile up are one, and the next is heard again", waitPilesUp},
		{"a notice is heard even if nobody has begun to listen yet", waitMissesNothing},
		{"one waits for several topics, and several for one", waitForMany},
		{"waiting ends with its context", waitEnds},
		{"waiting ends with the store", waitEndsWithStore},
	}
}

// beside is the store as another process sees it, if there can be one.
func (b Backend) beside(t *testing.T) store.Store {
	t.Helper()
	switch {
	case b.Exclusive():
		return b.Store
	case b.Beside == nil:
		t.Fatal("a store for several processes has to be tried with two: set Backend.Beside")
	}
	return b.Beside(t)
}

func wait(ctx context.Context, t failer, s store.Store, topics ...string) <-chan struct{} {
	t.Helper()
	c, err := s.Wait(ctx, topics...)
	if err != nil {
		t.Fatalf("wait: %v", err)
	}
	return c
}

func notify(t failer, s store.Store, topics ...string) {
	t.Helper()
	update(t, s, func(tx store.Tx) error { return tx.Notify(topics...) })
}

// hears waits for a notice; open tells whether the channel is still open.
func hears(t failer, c <-chan struct{}) (open bool) {
	t.Helper()
	limit := time.NewTimer(time.Minute)
	defer limit.Stop()
	select {
	case _, open = <-c:
		return open
	case <-limit.C:
		t.Fatalf("nothing was heard")
		return false
	}
}

// silent fails the test if something was heard.
func silent(t failer, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
		t.Fatalf("something was heard")
	default:
	}
}

func waitHears(t *testing.T, b Backend) {
	other := b.beside(t)
	c := wait(t.Context(), t, other, "a")
	silent(t, c)
	update(t, b, func(tx store.Tx) error {
		if err := tx.Notify("a"); err != nil {
			return err
		}
		_, err := tx.Put(store.Record{Kind: "news", ID: "1"})
		return err
	})
	hears(t, c)
	get(t, other, "news", "1") // it is there to be seen
}

func waitHearsNothing(t *testing.T, b Backend) {
	other := b.beside(t)
	a, z := wait(t.Context(), t, other, "a"), wait(t.Context(), t, other, "z")
	for _, fn := range []func(tx store.Tx) error{
		func(tx store.Tx) error { return errors.Join(tx.Notify("a"), stopError{}) },
		func(tx store.Tx) error { return errors.Join(tx.Notify("a"), everything(tx, "a"), stopError{}) },
	} {
		if err := b.Update(context.Background(), fn); !stopped(err) {
			t.Fatalf("got %v", err)
		}
	}
	notify(t, b, "z", "other")
	hears(t, z)
	silent(t, a)
}

func waitPilesUp(t *testing.T, b Backend) {
	c := wait(t.Context(), t, b.beside(t), "a")
	for range 3 {
		for range 20 {
			notify(t, b, "a")
		}
		hears(t, c)
		for len(c) > 0 { // a back end may be told of them one by one
			<-c
		}
	}
}

func waitMissesNothing(t *testing.T, b Backend) {
	c := wait(t.Context(), t, b.beside(t), "a")
	notify(t, b, "a")
	update(t, b, func(tx store.Tx) error { return everything(tx, "between") })
	hears(t, c)
}

func waitForMany(t *testing.T, b Backend) {
	other := b.beside(t)
	both, first, second := wait(t.Context(), t, other, "a", "b"), wait(t.Context(), t, other, "a"), wait(t.Context(), t, b, "a")
	notify(t, b, "a")
	for _, c := range []<-chan struct{}{both, first, second} {
		hears(t, c)
	}
	notify(t, b, "b")
	hears(t, both)
}

func waitEnds(t *testing.T, b Backend) {
	ctx, cancel := context.WithCancel(context.Background())
	gone, stays := wait(ctx, t, b, "a"), wait(t.Context(), t, b, "a")
	cancel()
	if hears(t, gone) {
		t.Fatal("the channel is still open")
	}
	notify(t, b, "a")
	if !hears(t, stays) {
		t.Fatal("another one's end closed the channel")
	}
	if _, err := b.Wait(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Fatalf("waiting under a context that has ended: %v", err)
	}
}

func waitEndsWithStore(t *testing.T, b Backend) {
	c := wait(context.Background(), t, b, "a")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for hears(t, c) { // what was on its way
	}
}
