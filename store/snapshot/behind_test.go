package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"latchkey/store"
)

// desk is where the test decides how long a commit takes and how it ends.
type desk struct {
	asked   chan []string
	outcome chan error
}

func newDesk() (*desk, *queue) {
	d := &desk{asked: make(chan []string), outcome: make(chan error)}
	return d, &queue{commit: func(_ context.Context, pages []store.Record) error {
		d.asked <- each(pages, func(r *store.Record) string { return r.ID })
		return <-d.outcome
	}}
}

func numbered(from, to int) (out []store.Record) {
	for n := from; n < to; n++ {
		out = append(out, store.Record{ID: fmt.Sprint(n)})
	}
	return out
}

// TestWhatWaitsIsOneCommit: the first page is written at once, and what comes meanwhile together, in order.
func TestWhatWaitsIsOneCommit(t *testing.T) {
	d, q := newDesk()
	for n := range 4 {
		if err := q.add(t.Context(), numbered(n, n+1)); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			if first := <-d.asked; !slices.Equal(first, []string{"0"}) {
				t.Errorf("first %v is written", first)
			}
		}
	}
	d.outcome <- nil
	if then := <-d.asked; !slices.Equal(then, []string{"1", "2", "3"}) {
		t.Errorf("then %v is written", then)
	}
	d.outcome <- nil
	if err := q.wait(); err != nil {
		t.Error(err)
	}
}

// TestNoCommitIsLong: whoever adds more than that waits until there is room.
func TestNoCommitIsLong(t *testing.T) {
	d, q := newDesk()
	added := make(chan error)
	go func() {
		var err error
		for n := range 10 {
			err = errors.Join(err, q.add(t.Context(), numbered(n*waitingAtMost/2, (n+1)*waitingAtMost/2)))
		}
		added <- err
	}()
	var all []string
	for len(all) < 10*waitingAtMost/2 {
		some := <-d.asked
		if all = append(all, some...); len(some) > 3*waitingAtMost/2 {
			t.Errorf("%d pages are written at once", len(some))
		}
		d.outcome <- nil
	}
	if err := errors.Join(<-added, q.wait()); err != nil || !slices.Equal(all, each(numbered(0, len(all)), func(r *store.Record) string { return r.ID })) {
		t.Errorf("%v, in the order %v", err, all)
	}
}

// TestAfterAFailureNothingIsWritten, and whoever adds or waits learns why.
func TestAfterAFailureNothingIsWritten(t *testing.T) {
	d, q := newDesk()
	full, failed := errors.New("the disk is full"), make(chan error)
	if err := q.add(t.Context(), numbered(0, 1)); err != nil {
		t.Fatal(err)
	}
	<-d.asked
	if err := q.add(t.Context(), numbered(1, 1+waitingAtMost)); err != nil {
		t.Fatal(err)
	}
	go func() { failed <- q.add(t.Context(), numbered(900, 901)) }() // there is no room
	d.outcome <- full
	for _, err := range []error{<-failed, q.wait(), q.add(t.Context(), numbered(901, 902)), q.wait()} {
		if !errors.Is(err, full) {
			t.Errorf("after the failure: %v", err)
		}
	}
}

// TestOneThingAfterTheOther, and none after one that failed.
func TestOneThingAfterTheOther(t *testing.T) {
	var b behind
	if err := b.wait(); err != nil {
		t.Fatal(err)
	}
	done, broken := 0, errors.New("broken")
	for n := range 5 {
		b.do(func() error {
			if done++; n == 2 {
				return broken
			}
			return nil
		})
	}
	if err := b.wait(); !errors.Is(err, broken) || done != 3 {
		t.Errorf("%d things were done: %v", done, err)
	}
}
