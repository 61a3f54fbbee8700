package storetest

import (
	"testing"

	"latchkey/store"
)

func reopenChecks() []check {
	return []check{
		{"everything is there again", reopenAll},
		{"claims and leases outlive their process", reopenClaims},
		{"numbers go on where they stopped", reopenNumbers},
	}
}

func reopenAll(t *testing.T, b Backend) {
	update(t, b, func(tx store.Tx) error { return everything(tx, "a") })
	s := b.Reopen(t)
	left(t, s, "a")
	update(t, s, func(tx store.Tx) error { return everything(tx, "b") })
	left(t, s, "a", "b")
}

func reopenClaims(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "q", Lock: "k"}, store.Task{ID: "2", Queue: "q", Lock: "k"})
	claim(t, b, "q", "before", in(0), 9)
	lease(t, b, "review", "before", in(0), in(60))
	s := b.Reopen(t)
	same(t, "while the claim holds", taskIDs(claim(t, s, "q", "after", in(59), 9)))
	if lease(t, s, "review", "after", in(59), in(99)) {
		t.Fatal("the lease was forgotten")
	}
	if s.Exclusive() {
		update(t, s, func(tx store.Tx) error {
			_, err := tx.Release("q", "after")
			return err
		})
		same(t, "released", taskIDs(claim(t, s, "q", "after", in(1), 9)), "1")
		return
	}
	same(t, "when the claim ran out", taskIDs(claim(t, s, "q", "after", in(60), 9)), "1")
}

func reopenNumbers(t *testing.T, b Backend) {
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"))
	enqueue(t, b, store.Task{ID: "1", Queue: "q"})
	done(t, b, "", "1")
	put(t, b, store.Record{Kind: "a", ID: "1"})
	s := b.Reopen(t)
	appendEvents(t, s, eventOf("AR-1", "ann@acme.test", "crm"))
	if n := len(whole(t, s)); n != 2 {
		t.Fatalf("%d events, want 2", n)
	}
	enqueue(t, s, store.Task{ID: "2", Queue: "q"}, store.Task{ID: "3", Queue: "q"})
	same(t, "tasks by age", listed(t, s, "", 0, 9), "2", "3")
	put(t, s, store.Record{Kind: "a", ID: "1", Version: 1})
	if r := get(t, s, "a", "1"); r.Version != 2 {
		t.Fatalf("version %d, want 2", r.Version)
	}
}
