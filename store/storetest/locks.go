package storetest

import (
	"testing"

	"latchkey/store"
)

func lockChecks() []check {
	return []check{
		{"of one lock one task is claimed, others go on", lockExclusive},
		{"a lock reaches across queues", lockQueues},
		{"requeueing, finishing and releasing free the lock", lockFreed},
		{"a lock held by a dead claim is free", lockExpired},
	}
}

func locked(lock string, ids ...string) []store.Task {
	return tasks(store.Task{Queue: "q", Lock: lock}, ids...)
}

func lockExclusive(t *testing.T, b Backend) {
	enqueue(t, b, locked("ann", "a1", "a2", "a3")...)
	enqueue(t, b, locked("bob", "b1", "b2")...)
	enqueue(t, b, locked("", "free1", "free2")...)
	same(t, "first", taskIDs(claim(t, b, "q", "w", in(0), 2)), "a1", "b1")
	same(t, "past the held locks", taskIDs(claim(t, b, "q", "w", in(0), 9)), "free1", "free2")
	done(t, b, "w", "a1")
	same(t, "once it is free", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a2")
}

func lockQueues(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "okta", Lock: "ann"}, store.Task{ID: "2", Queue: "google", Lock: "ann"})
	same(t, "okta", taskIDs(claim(t, b, "okta", "w", in(0), 9)), "1")
	same(t, "google", taskIDs(claim(t, b, "google", "w", in(0), 9)))
	done(t, b, "w", "1")
	same(t, "google, then", taskIDs(claim(t, b, "google", "w", in(0), 9)), "2")
}

func lockFreed(t *testing.T, b Backend) {
	enqueue(t, b, locked("ann", "1", "2", "3", "4")...)
	k := claim(t, b, "q", "w", in(0), 9)[0]
	k.State = store.Stuck
	requeue(t, b, k)
	k = claim(t, b, "q", "w", in(0), 9)[0]
	if k.ID != "2" {
		t.Fatalf("after a stuck task came %s", k.ID)
	}
	k.State, k.NotBefore = store.Ready, in(500)
	requeue(t, b, k)
	same(t, "after a sleeping task", taskIDs(claim(t, b, "q", "w", in(0), 9)), "3")
	update(t, b, func(tx store.Tx) error {
		_, err := tx.Release("q", "w2")
		return err
	})
	same(t, "after a released task", taskIDs(claim(t, b, "q", "w2", in(0), 9)), "3")
}

func lockExpired(t *testing.T, b Backend) {
	enqueue(t, b,
		store.Task{ID: "1", Queue: "okta", Lock: "ann", Priority: store.Notices},
		store.Task{ID: "2", Queue: "google", Lock: "ann", NotBefore: in(1)},
	)
	claim(t, b, "okta", "w", in(0), 9) // holds until 60
	same(t, "while it holds", taskIDs(claim(t, b, "google", "w", in(59), 9)))
	same(t, "when it ran out", taskIDs(claim(t, b, "google", "w", in(60), 9)), "2")
	same(t, "the dead one waits its turn", taskIDs(claim(t, b, "okta", "w", in(60), 9)))
	done(t, b, "w", "2")
	taken := claim(t, b, "okta", "w", in(60), 9)
	if len(taken) != 1 || !taken[0].Begun {
		t.Fatalf("got %+v", taken)
	}
}
