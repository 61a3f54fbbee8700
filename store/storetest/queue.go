package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/access"
	"latchkey/store"
)

func queueChecks() []check {
	return []check{
		{"a task comes back as it was enqueued", taskRoundTrip},
		{"priority goes before time, time before age", taskOrder},
		{"a claim may leave what isn't urgent", taskBelow},
		{"a task sleeps until its time", taskSleeps},
		{"queues don't mix", taskQueues},
		{"an id that lives is not enqueued again", taskTwice},
		{"a requeued task says what was requeued", taskRequeued},
		{"a stuck task waits for a human", taskStuck},
		{"what isn't there is not found", taskAbsent},
		{"tasks are listed by state and age, in pages", taskLists},
		{"the next task is known", taskNext},
		{"a task without an id or a queue is refused", taskRefusals},
	}
}

func enqueue(t failer, s store.Store, all ...store.Task) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, k := range all {
			if _, err := tx.Enqueue(k); err != nil {
				return err
			}
		}
		return nil
	})
}

// claim takes up to limit tasks of the queue for a minute.
func claim(t failer, s store.Store, queue, owner string, at time.Time, limit int) []store.Task {
	t.Helper()
	return write(t, s, func(tx store.Tx) ([]store.Task, error) {
		return tx.Claim(store.Claim{Queue: queue, Owner: owner, At: at, Until: at.Add(time.Minute), Limit: limit})
	})
}

func taskIDs(all []store.Task) []string {
	var ids []string
	for _, k := range all {
		ids = append(ids, k.ID)
	}
	return ids
}

func task(t failer, s store.Store, id string) store.Task {
	t.Helper()
	return read(t, s, func(tx store.Tx) (store.Task, error) { return tx.Task(id) })
}

func listed(t failer, s store.Store, state store.TaskState, after uint64, limit int) []string {
	t.Helper()
	return taskIDs(read(t, s, func(tx store.Tx) ([]store.Task, error) { return tx.Tasks(state, after, limit) }))
}

func requeue(t failer, s store.Store, k store.Task) {
	t.Helper()
	update(t, s, func(tx store.Tx) error { return tx.Requeue(k) })
}

func done(t failer, s store.Store, owner string, ids ...string) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, id := range ids {
			if err := tx.Done(id, owner); err != nil {
				return err
			}
		}
		return nil
	})
}

// refused fails the test unless the update ends in want.
func refused(t failer, s store.Store, want error, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func taskRoundTrip(t *testing.T, b Backend) {
	k := store.Task{
		ID: "add|G-1", Queue: "okta", Kind: "add", Subject: access.GrantSubject("G-1"), Priority: store.Additions, Lane: "G-1", Lock: "ann",
		Schema: 3, Payload: []byte(`{"a":1}`), NotBefore: in(1), Created: in(0),
		State: store.Stuck, Attempts: 3, Begun: true, Owner: "nobody", Until: in(9), Problem: "none yet",
	}
	enqueue(t, b, k)
	want := k
	want.State, want.Attempts, want.Begun, want.Owner, want.Until, want.Problem = store.Ready, 0, false, "", time.Time{}, ""
	got := task(t, b, k.ID)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Task{}, "Seq"), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("a new task:\n%s", diff)
	}
	taken := claim(t, b, "okta", "w1", in(1), 9)
	want = got
	want.State, want.Owner, want.Until = store.Claimed, "w1", in(61)
	if diff := cmp.Diff([]store.Task{want}, taken); diff != "" {
		t.Fatalf("a claimed task:\n%s", diff)
	}
	want.Begun = true
	if diff := cmp.Diff(want, task(t, b, k.ID)); diff != "" {
		t.Fatalf("a claimed task as stored:\n%s", diff)
	}
}

func taskOrder(t *testing.T, b Backend) {
	enqueue(t, b,
		store.Task{ID: "notice", Queue: "q", Priority: store.Notices},
		store.Task{ID: "add late", Queue: "q", Priority: store.Additions, NotBefore: in(20)},
		store.Task{ID: "add 1", Queue: "q", Priority: store.Additions, NotBefore: in(10)},
		store.Task{ID: "add 2", Queue: "q", Priority: store.Additions, NotBefore: in(10)},
		store.Task{ID: "remove", Queue: "q", Priority: store.Removals, NotBefore: in(30)},
		store.Task{ID: "last", Queue: "q", Priority: 255},
	)
	same(t, "none wanted", taskIDs(claim(t, b, "q", "w", in(30), 0)))
	same(t, "two", taskIDs(claim(t, b, "q", "w", in(30), 2)), "remove", "add 1")
	same(t, "the rest", taskIDs(claim(t, b, "q", "w", in(30), 9)), "add 2", "add late", "notice", "last")
	same(t, "nothing is left", taskIDs(claim(t, b, "q", "w", in(30), 9)))
}

func taskBelow(t *testing.T, b Backend) {
	enqueue(t, b,
		store.Task{ID: "add", Queue: "q", Priority: store.Additions},
		store.Task{ID: "remove", Queue: "q", Priority: store.Removals + 3},
		store.Task{ID: "remove later", Queue: "q", Priority: store.Removals, NotBefore: in(10)},
		store.Task{ID: "elsewhere", Queue: "p", Priority: store.Removals},
	)
	urgent := func(at time.Time) []string {
		return taskIDs(write(t, b, func(tx store.Tx) ([]store.Task, error) {
			return tx.Claim(store.Claim{Queue: "q", Owner: "w", At: at, Until: at.Add(time.Minute), Limit: 9, Below: store.Additions})
		}))
	}
	same(t, "what is urgent now", urgent(in(0)), "remove")
	same(t, "what is urgent later", urgent(in(10)), "remove later")
	same(t, "the rest", taskIDs(claim(t, b, "q", "w", in(10), 9)), "add")
}

func taskSleeps(t *testing.T, b Backend) {
	enqueue(t, b,
		store.Task{ID: "sleeper", Queue: "q", NotBefore: in(10)},
		store.Task{ID: "awake", Queue: "q", Priority: store.Notices},
	)
	same(t, "before", taskIDs(claim(t, b, "q", "w", in(9), 9)), "awake")
	same(t, "at its time", taskIDs(claim(t, b, "q", "w", in(10), 9)), "sleeper")
}

func taskQueues(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "jira"}, store.Task{ID: "2", Queue: "jira2"}, store.Task{ID: "3", Queue: "slack"})
	same(t, "jira", taskIDs(claim(t, b, "jira", "w", in(0), 9)), "1")
	same(t, "slack", taskIDs(claim(t, b, "slack", "w", in(0), 9)), "3")
	same(t, "no such queue", taskIDs(claim(t, b, "jir", "w", in(0), 9)))
}

func taskTwice(t *testing.T, b Backend) {
	again := func(want bool) {
		t.Helper()
		added := write(t, b, func(tx store.Tx) (bool, error) {
			return tx.Enqueue(store.Task{ID: "1", Queue: "other", Subject: access.RequestSubject("second")})
		})
		if added != want {
			t.Fatalf("added is %v, want %v", added, want)
		}
	}
	enqueue(t, b, store.Task{ID: "1", Queue: "q", Subject: access.RequestSubject("first")})
	again(false) // while ready
	k := claim(t, b, "q", "w", in(0), 1)[0]
	again(false) // while claimed
	k.State = store.Stuck
	requeue(t, b, k)
	again(false) // while stuck
	if got := task(t, b, "1"); got.Subject.ID != "first" || got.Queue != "q" || got.State != store.Stuck {
		t.Fatalf("the living task was changed: %+v", got)
	}
	done(t, b, "", "1")
	again(true)
	if got := task(t, b, "1"); got.Begun || got.Subject.ID != "second" {
		t.Fatalf("the new task remembers the old: %+v", got)
	}
}

func taskRequeued(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "q", Kind: "add", Payload: []byte("p")})
	k := claim(t, b, "q", "w", in(0), 1)[0]
	k.State, k.NotBefore, k.Attempts, k.Begun, k.Problem = store.Ready, in(30), 1, true, "okta was busy"
	k.Kind, k.Payload, k.Priority = "other", nil, store.Notices // what a settlement can't change
	requeue(t, b, k)
	want := store.Task{ID: "1", Queue: "q", Kind: "add", Payload: []byte("p"), State: store.Ready, NotBefore: in(30), Attempts: 1, Begun: true, Problem: "okta was busy"}
	if diff := cmp.Diff(want, task(t, b, "1"), cmpopts.IgnoreFields(store.Task{}, "Seq"), cmpopts.EquateEmpty()); diff != "" {
		t.Fatal(diff)
	}
	same(t, "while it sleeps", taskIDs(claim(t, b, "q", "w", in(29), 9)))
	next := claim(t, b, "q", "w", in(30), 9)
	if len(next) != 1 || !next[0].Begun || next[0].Attempts != 1 {
		t.Fatalf("claimed again: %+v", next)
	}
	k = next[0]
	k.State, k.Begun = store.Ready, false // nothing has happened, says its worker
	requeue(t, b, k)
	if next = claim(t, b, "q", "w", in(30), 9); len(next) != 1 || next[0].Begun {
		t.Fatalf("claimed after nothing had happened: %+v", next)
	}
}

func taskStuck(t *testing.T, b Backend) {
	enqueue(t, b, store.Task{ID: "1", Queue: "q"}, store.Task{ID: "2", Queue: "q"})
	k := claim(t, b, "q", "w", in(0), 1)[0]
	k.State, k.Problem, k.Attempts = store.Stuck, "no such group", 5
	requeue(t, b, k)
	same(t, "stuck", listed(t, b, store.Stuck, 0, 9), "1")
	same(t, "claimable", taskIDs(claim(t, b, "q", "w", in(999), 9)), "2")
	k = task(t, b, "1") // a human has a look …
	if k.Problem != "no such group" || k.Attempts != 5 {
		t.Fatalf("got %+v", k)
	}
	k.State, k.NotBefore, k.Attempts = store.Ready, in(1000), 0
	requeue(t, b, k) // … and says: once more
	same(t, "stuck", listed(t, b, store.Stuck, 0, 9))
	same(t, "claimable", taskIDs(claim(t, b, "q", "w", in(1000), 1)), "1")
}

func taskAbsent(t *testing.T, b Backend) {
	refused(t, b, store.ErrNotFound, func(tx store.Tx) error { return tx.Requeue(store.Task{ID: "1", State: store.Ready}) })
	refused(t, b, store.ErrNotFound, func(tx store.Tx) error {
		_, err := tx.Task("1")
		return err
	})
	done(t, b, "w", "1")
	done(t, b, "", "1")
}

func taskLists(t *testing.T, b Backend) {
	for _, id := range []string{"e", "d", "c", "b", "a"} {
		enqueue(t, b, store.Task{ID: id, Queue: "q"})
	}
	taken := claim(t, b, "q", "w", in(0), 2)
	k := taken[0]
	k.State = store.Stuck
	requeue(t, b, k)
	same(t, "all", listed(t, b, "", 0, 9), "e", "d", "c", "b", "a")
	same(t, "stuck", listed(t, b, store.Stuck, 0, 9), "e")
	same(t, "claimed", listed(t, b, store.Claimed, 0, 9), "d")
	same(t, "ready", listed(t, b, store.Ready, 0, 2), "c", "b")
	same(t, "ready, next page", listed(t, b, store.Ready, task(t, b, "b").Seq, 9), "a")
	same(t, "stuck, after the end", listed(t, b, store.Stuck, k.Seq, 9))
	same(t, "none wanted", listed(t, b, "", 0, 0))
	done(t, b, "", "c")
	same(t, "all but one", listed(t, b, "", k.Seq, 9), "d", "b", "a")
}

// next is when the queue has something next; the zero time if nothing waits.
func next(t failer, s store.Store, queue string) time.Time {
	t.Helper()
	return read(t, s, func(tx store.Tx) (time.Time, error) {
		at, ok, err := tx.NextTask(queue)
		if ok {
			return at, err
		}
		return time.Time{}, err
	})
}

func taskNext(t *testing.T, b Backend) {
	expect := func(what string, want time.Time) {
		t.Helper()
		if at := next(t, b, "q"); !at.Equal(want) {
			t.Fatalf("%s: next is %v, want %v", what, at, want)
		}
	}
	expect("an empty queue", time.Time{})
	enqueue(t, b,
		store.Task{ID: "1", Queue: "q", NotBefore: in(20)},
		store.Task{ID: "2", Queue: "q", NotBefore: in(10), Priority: store.Notices, Lane: "l"},
		store.Task{ID: "3", Queue: "q", NotBefore: in(1), Lane: "l"},
		store.Task{ID: "4", Queue: "other", NotBefore: in(2)},
	)
	expect("the head of a lane before a task of more weight", in(10))
	k := claim(t, b, "q", "w", in(10), 1)[0]
	expect("with the head claimed", in(20))
	claim(t, b, "q", "w", in(20), 1)
	expect("when all is claimed, the end of the first claim", k.Until)
	k.State = store.Stuck
	requeue(t, b, k)
	expect("with the head stuck, the end of the other claim", in(80))
	done(t, b, "w", "1", "2")
	expect("with the next in the lane", in(1))
	done(t, b, "", "3")
	expect("a queue that was emptied", time.Time{})
}

func taskRefusals(t *testing.T, b Backend) {
	for _, k := range []store.Task{{Queue: "q"}, {ID: "1"}} {
		err := b.Update(context.Background(), func(tx store.Tx) error {
			_, err := tx.Enqueue(k)
			return err
		})
		if err == nil {
			t.Errorf("%+v was enqueued", k)
		}
	}
	enqueue(t, b, store.Task{ID: "1", Queue: "q"})
	for _, state := range []store.TaskState{"", store.Claimed, "done"} {
		err := b.Update(context.Background(), func(tx store.Tx) error {
			return tx.Requeue(store.Task{ID: "1", State: state})
		})
		if err == nil {
			t.Errorf("a task requeued as %q", state)
		}
	}
}
