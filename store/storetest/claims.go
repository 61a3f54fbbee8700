package storetest

import (
	"context"
	"testing"

	"latchkey/store"
)

func claimChecks() []check {
	return []check{
		{"a claim that ran out is taken over, and says so", claimTakenOver},
		{"the late owner can't end a claim another holds", claimStranger},
		{"the late owner may end what nobody took over", claimLate},
		{"release frees the claims of strangers at once", claimRelease},
		{"a claim without owner or queue is refused", claimRefusals},
	}
}

func claimTakenOver(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "q", Lane: "l", Lock: "k"}, store.Task{ID: "2", Queue: "q", Lane: "l"})
	first := claim(t, b, "q", "w1", in(0), 9)
	if len(first) != 1 || first[0].Begun {
		t.Fatalf("the first claim: %+v", first)
	}
	same(t, "while it holds", taskIDs(claim(t, b, "q", "w2", in(59), 9)))
	second := claim(t, b, "q", "w2", in(60), 9)
	if len(second) != 1 || second[0].ID != "1" || !second[0].Begun || second[0].Owner != "w2" {
		t.Fatalf("the second claim: %+v", second)
	}
	done(t, b, "w2", "1")
	same(t, "then", taskIDs(claim(t, b, "q", "w2", in(60), 9)), "2")
}

func claimStranger(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "q"})
	late := claim(t, b, "q", "w1", in(0), 1)[0]
	claim(t, b, "q", "w2", in(60), 1)
	late.State = store.Ready
	refused(t, b, store.ErrConflict, func(tx store.Tx) error { return tx.Requeue(late) })
	refused(t, b, store.ErrConflict, func(tx store.Tx) error { return tx.Done("1", "w1") })
	refused(t, b, store.ErrConflict, func(tx store.Tx) error { return tx.Done("1", "") })
	if k := task(t, b, "1"); k.Owner != "w2" || k.State != store.Claimed {
		t.Fatalf("the claim was disturbed: %+v", k)
	}
	done(t, b, "w2", "1")
}

func claimLate(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "q"}, store.Task{ID: "2", Queue: "q"})
	both := claim(t, b, "q", "w1", in(0), 2)
	claim(t, b, "other", "w2", in(99), 1) // somebody looks at the clock
	done(t, b, "w1", both[0].ID)
	both[1].State, both[1].Attempts = store.Ready, 1
	requeue(t, b, both[1])
	taken := claim(t, b, "q", "w2", in(99), 9)
	if len(taken) != 1 || taken[0].ID != "2" || taken[0].Attempts != 1 {
		t.Fatalf("got %+v", taken)
	}
}

func claimRelease(t *testing.T, b Backend) {
	enqueue(t, b,
		store.Task{ID: "1", Queue: "q", Lane: "l"}, store.Task{ID: "2", Queue: "q", Lane: "l"},
		store.Task{ID: "3", Queue: "q"}, store.Task{ID: "4", Queue: "other"}, store.Task{ID: "5", Queue: "q"},
	)
	claim(t, b, "q", "dead", in(0), 2)
	claim(t, b, "q", "me", in(0), 1)
	claim(t, b, "other", "dead", in(0), 9)
	n := write(t, b, func(tx store.Tx) (int, error) { return tx.Release("q", "me") })
	if n != 2 {
		t.Fatalf("%d released, want 2", n)
	}
	taken := claim(t, b, "q", "me", in(0), 9)
	same(t, "claimed again", taskIDs(taken), "1", "3")
	for _, k := range taken {
		if !k.Begun {
			t.Errorf("%s doesn't say that it was begun", k.ID)
		}
	}
	same(t, "other queue", taskIDs(claim(t, b, "other", "me", in(0), 9)))
	if n := write(t, b, func(tx store.Tx) (int, error) { return tx.Release("q", "me") }); n != 0 {
		t.Fatalf("%d released, want none", n)
	}
}

func claimRefusals(t *testing.T, b Backend) {
	for _, c := range []store.Claim{{Queue: "q", At: in(0), Until: in(1), Limit: 1}, {Owner: "w", At: in(0), Until: in(1), Limit: 1}} {
		err := b.Update(context.Background(), func(tx store.Tx) error {
			_, err := tx.Claim(c)
			return err
		})
		if err == nil {
			t.Errorf("%+v was granted", c)
		}
	}
}
