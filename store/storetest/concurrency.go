package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"latchkey/store"
)

func concurrencyChecks() []check {
	return []check{
		{"counters add up inside one update", countInside},
		{"counters add up by version", countByVersion},
		{"counters of two processes add up", countBeside},
		{"what two processes read of each other, one of them wrote before", noSkew},
		{"a further task is nothing only where the one before has not ended", furtherTask},
		{"events of many writers make one chain", chainOfMany},
		{"no claim is given twice and no lane is overtaken", claimOnce},
	}
}

// crowd runs fn in several goroutines at once and waits for them.
func crowd(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}

// add raises a number kept in a record and may report ErrConflict.
func add(tx store.Tx, r store.Record) error {
	n, err := strconv.Atoi(string(r.Body))
	if err != nil {
		return err
	}
	r.Body = []byte(strconv.Itoa(n + 1))
	_, err = tx.Put(r)
	return err
}

func countInside(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "n", ID: "1", Body: []byte("0")})
	crowd(8, func(int) {
		for range 20 {
			err := b.Update(context.Background(), func(tx store.Tx) error {
				r, err := tx.Get("n", "1")
				if err != nil {
					return err
				}
				return add(tx, r)
			})
			if err != nil {
				t.Errorf("update: %v", err)
			}
		}
	})
	if r := get(t, b, "n", "1"); string(r.Body) != "160" || r.Version != 161 {
		t.Fatalf("counted %s at version %d, want 160 at 161", r.Body, r.Version)
	}
}

func countBeside(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "n", ID: "1", Body: []byte("0")})
	both := []store.Store{b, b.beside(t)}
	crowd(6, func(i int) {
		for range 10 {
			update(t, both[i%2], func(tx store.Tx) error {
				r, err := tx.Get("n", "1")
				if err != nil {
					return err
				}
				return add(tx, r)
			})
		}
	})
	if r := get(t, b, "n", "1"); string(r.Body) != "60" {
		t.Fatalf("counted %s, want 60", r.Body)
	}
}

// noSkew has two processes close the last two doors, each of which may only be closed
// while the other one is open. One finds its door, the other one those that are open.
func noSkew(t *testing.T, b Backend) {
	both := []store.Store{b, b.beside(t)}
	for round := range 10 {
		kind := fmt.Sprintf("door %d", round)
		put(t, b, store.Record{Kind: kind, ID: "0", Index: []string{"open"}}, store.Record{Kind: kind, ID: "1", Index: []string{"open"}})
		crowd(2, func(i int) {
			update(t, both[i], func(tx store.Tx) error { return closeDoor(tx, kind, strconv.Itoa(i)) })
		})
		if left := find(t, b, kind, "open", "", 9); len(left) != 1 {
			t.Fatalf("round %d: %v are open, want one", round, left)
		}
	}
}

func closeDoor(tx store.Tx, kind, id string) error {
	open, err := tx.IDs(kind, "open", "", 9)
	if err != nil || len(open) < 2 {
		return err
	}
	r, err := tx.Get(kind, id)
	if err != nil {
		return err
	}
	r.Index = nil
	_, err = tx.Put(r)
	return err
}

func countByVersion(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "n", ID: "1", Body: []byte("0")})
	crowd(4, func(int) {
		for added := 0; added < 10; {
			var r store.Record
			err := b.View(context.Background(), func(tx store.Tx) (err error) {
				r, err = tx.Get("n", "1")
				return err
			})
			if err == nil {
				err = b.Update(context.Background(), func(tx store.Tx) error { return add(tx, r) })
			}
			switch {
			case err == nil:
				added++
			case !errors.Is(err, store.ErrConflict):
				t.Errorf("update: %v", err)
				return
			}
		}
	})
	if r := get(t, b, "n", "1"); string(r.Body) != "40" {
		t.Fatalf("counted %s, want 40", r.Body)
	}
}

// furtherTask has a task end, which looks for news, while another process writes news and
// asks for the task again: the task finds them, or there is another one for them.
func furtherTask(t *testing.T, b Backend) {
	for range 2 { // a store may take a task for new until one was not
		update(t, b, func(tx store.Tx) error { _, err := tx.Enqueue(store.Task{ID: "look", Queue: "q"}); return err })
	}
	other := b.beside(t)
	var found bool
	end := func() {
		update(t, other, func(tx store.Tx) error {
			_, err := tx.Get("news", "1")
			found = err == nil
			return tx.Done("look", "")
		})
	}
	var once sync.Once
	update(t, b, func(tx store.Tx) error {
		if _, err := tx.Enqueue(store.Task{ID: "look", Queue: "q"}); err != nil {
			return err
		}
		if !b.Exclusive() {
			once.Do(end)
		}
		_, err := tx.Put(store.Record{Kind: "news", ID: "1"})
		return err
	})
	once.Do(end)
	if again := len(listed(t, b, "", 0, 9)) > 0; !found && !again {
		t.Fatal("nobody looks for the news")
	}
}

func chainOfMany(t *testing.T, b Backend) {
	crowd(8, func(i int) {
		for n := range 20 {
			err := b.Update(context.Background(), func(tx store.Tx) error {
				if _, err := eventOf(fmt.Sprintf("AR-%d", i), "ann@acme.test", "crm").append(tx); err != nil {
					return err
				}
				if n%4 == 0 {
					return stopError{}
				}
				return nil
			})
			if err != nil && !stopped(err) {
				t.Errorf("update: %v", err)
			}
		}
	})
	if n := len(whole(t, b)); n != 8*15 {
		t.Fatalf("%d events, want %d", n, 8*15)
	}
	for i := range 8 {
		if n := len(numbers(t, b, ofRequest(fmt.Sprintf("AR-%d", i)), 0, 99)); n != 15 {
			t.Errorf("%d events of AR-%d, want 15", n, i)
		}
	}
}

func claimOnce(t *testing.T, b Backend) {
	const total = 120
	for i := range total {
		enqueue(t, b, store.Task{ID: fmt.Sprintf("%03d", i), Queue: "q", Lane: fmt.Sprintf("l%d", i%7), Lock: fmt.Sprintf("k%d", i%5)})
	}
	w := &watch{t: t, lanes: map[string]string{}, locks: map[string]string{}, times: map[string]int{}}
	crowd(6, func(i int) {
		for w.open(total) {
			work(b, w, fmt.Sprintf("w%d", i))
		}
	})
	for id, n := range w.times {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	same(t, "what is left", listed(t, b, "", 0, 9))
}

// work claims a few tasks and finishes them.
func work(b Backend, w *watch, owner string) {
	var taken []store.Task
	err := b.Update(context.Background(), func(tx store.Tx) (err error) {
		taken, err = tx.Claim(store.Claim{Queue: "q", Owner: owner, At: in(0), Until: in(60), Limit: 3})
		return err
	})
	if err != nil {
		w.fail(err)
	}
	for _, k := range taken {
		w.begin(k)
	}
	for _, k := range taken {
		w.end(k)
		if err := b.Update(context.Background(), func(tx store.Tx) error { return tx.Done(k.ID, owner) }); err != nil {
			w.fail(err)
		}
	}
}

// watch sees who works on what.
type watch struct {
	t      *testing.T
	mu     sync.Mutex
	lanes  map[string]string // lane → its last task
	locks  map[string]string // lock → who is inside
	times  map[string]int    // task → how often it was claimed
	failed bool
}

func (w *watch) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = true
	w.t.Errorf("work: %v", err)
}

// open tells whether there is still something to do.
func (w *watch) open(total int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.failed && len(w.times) < total
}

func (w *watch) begin(k store.Task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times[k.ID]++
	if before := w.lanes[k.Lane]; before >= k.ID {
		w.t.Errorf("lane %s: %s after %s", k.Lane, k.ID, before)
	}
	w.lanes[k.Lane] = k.ID
	if other := w.locks[k.Lock]; other != "" {
		w.t.Errorf("lock %s: %s while %s holds it", k.Lock, k.ID, other)
	}
	w.locks[k.Lock] = k.ID
}

func (w *watch) end(k store.Task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.locks[k.Lock] = ""
}
