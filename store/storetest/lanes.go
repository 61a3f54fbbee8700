package storetest

import (
	"testing"

	"latchkey/store"
)

func laneChecks() []check {
	return []check{
		{"a lane runs one at a time, in order", laneOrder},
		{"a head that sleeps or is stuck holds up its lane", laneWaits},
		{"a lane reaches across queues", laneQueues},
		{"removing a task from the middle moves nobody", laneMiddle},
		{"tasks of a lane that end together leave the next at its head", laneTogether},
		{"a task that ends and comes again in one update is the last of its lane", laneAgain},
		{"a task that is stuck before its turn holds up its lane then", laneStuckBehind},
	}
}

func lane(name string, ids ...string) []store.Task {
	return tasks(store.Task{Queue: "q", Lane: name}, ids...)
}

// tasks are like one task, but for their ids.
func tasks(like store.Task, ids ...string) (all []store.Task) {
	for _, id := range ids {
		like.ID = id
		all = append(all, like)
	}
	return all
}

func laneOrder(t *testing.T, b Backend) {
	enqueue(t, b, lane("a", "a1", "a2", "a3")...)
	enqueue(t, b, lane("ab", "b1", "b2")...)
	enqueue(t, b, lane("", "free")...)
	same(t, "heads", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a1", "b1", "free")
	done(t, b, "w", "a1")
	same(t, "after a1", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a2")
	enqueue(t, b, lane("a", "a1")...) // again, so it is the youngest now
	done(t, b, "w", "a2")
	same(t, "after a2", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a3")
	done(t, b, "w", "a3")
	same(t, "after a3", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a1")
}

func laneWaits(t *testing.T, b Backend) {
	enqueue(t, b, lane("a", "a1", "a2")...)
	k := claim(t, b, "q", "w", in(0), 9)[0]
	k.State, k.NotBefore = store.Ready, in(30)
	requeue(t, b, k)
	same(t, "while the head sleeps", taskIDs(claim(t, b, "q", "w", in(29), 9)))
	k = claim(t, b, "q", "w", in(30), 9)[0]
	k.State = store.Stuck
	requeue(t, b, k)
	same(t, "while the head is stuck", taskIDs(claim(t, b, "q", "w", in(999), 9)))
	done(t, b, "", k.ID)
	same(t, "when a human took it away", taskIDs(claim(t, b, "q", "w", in(999), 9)), "a2")
}

func laneQueues(t *testing.T, b Backend) {
	enqueue(t, b,
		store.Task{ID: "1", Queue: "okta", Lane: "G-1", Priority: store.Notices},
		store.Task{ID: "2", Queue: "jira", Lane: "G-1"},
	)
	same(t, "second", taskIDs(claim(t, b, "jira", "w", in(0), 9)))
	same(t, "first", taskIDs(claim(t, b, "okta", "w", in(0), 9)), "1")
	done(t, b, "w", "1")
	same(t, "second, then", taskIDs(claim(t, b, "jira", "w", in(0), 9)), "2")
}

func laneMiddle(t *testing.T, b Backend) {
	enqueue(t, b, lane("a", "a1", "a2", "a3")...)
	claim(t, b, "q", "w", in(0), 9)
	done(t, b, "", "a2")
	same(t, "while the head is claimed", taskIDs(claim(t, b, "q", "w", in(0), 9)))
	done(t, b, "w", "a1")
	same(t, "then", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a3")
}

func laneStuckBehind(t *testing.T, b Backend) {
	enqueue(t, b, lane("a", "a1", "a2", "a3")...)
	k := task(t, b, "a2")
	k.State = store.Stuck
	requeue(t, b, k)
	same(t, "head", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a1")
	done(t, b, "w", "a1")
	same(t, "the stuck one's turn", taskIDs(claim(t, b, "q", "w", in(0), 9)))
	k.State = store.Ready
	requeue(t, b, k)
	same(t, "retried", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a2")
}

func laneTogether(t *testing.T, b Backend) {
	enqueue(t, b, lane("a", "a1", "a2", "a3", "a4")...)
	enqueue(t, b, lane("b", "b1", "b2", "b3")...)
	done(t, b, "w", "a2", "a1", "b1", "a3", "b3")
	same(t, "heads", taskIDs(claim(t, b, "q", "w", in(0), 9)), "a4", "b2")
}

func laneAgain(t *testing.T, b Backend) {
	enqueue(t, b, lane("a", "a1", "a2")...)
	update(t, b, func(tx store.Tx) error {
		for _, again := range []string{"a1", "new", "a1", "new"} {
			if err := tx.Done(again, "w"); err != nil {
				return err
			}
			if added, err := tx.Enqueue(lane("a", again)[0]); err != nil || !added {
				t.Errorf("%s comes again: %v, %v", again, added, err)
			}
		}
		return tx.Done("never", "w")
	})
	for _, next := range []string{"a2", "a1", "new"} {
		same(t, "head", taskIDs(claim(t, b, "q", "w", in(0), 9)), next)
		done(t, b, "w", next)
	}
}
