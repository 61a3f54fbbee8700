package storetest

import (
	"testing"
	"time"

	"latchkey/store"
)

func leaseChecks() []check {
	return []check{
		{"one holds it until it runs out", leaseHeld},
		{"the holder renews it", leaseRenewed},
		{"names are apart", leaseNames},
		{"the token grows whenever it is taken anew", leaseTokens},
		{"a write for a lease that passed on is refused", leaseGuards},
		{"a write that is refused leaves nothing beside it", leaseGuardsAll},
	}
}

// lease takes a lease and reports whether it was granted.
func lease(t failer, s store.Store, name, owner string, at, until time.Time) bool {
	t.Helper()
	return token(t, s, name, owner, at, until) > 0
}

// token takes a lease and returns its token, 0 if it was not granted.
func token(t failer, s store.Store, name, owner string, at, until time.Time) uint64 {
	t.Helper()
	return write(t, s, func(tx store.Tx) (uint64, error) {
		token, granted, err := tx.Lease(name, owner, at, until)
		if !granted {
			return 0, err
		}
		return token, err
	})
}

func leaseHeld(t *testing.T, b Backend) {
	for _, c := range []struct {
		owner     string
		at, until int
		want      bool
	}{
		{"w1", 0, 60, true},
		{"w2", 0, 60, false},
		{"w2", 59, 99, false},
		{"w2", 60, 99, true},
		{"w1", 61, 99, false},
	} {
		if got := lease(t, b, "review", c.owner, in(c.at), in(c.until)); got != c.want {
			t.Fatalf("%s at %d: granted is %v, want %v", c.owner, c.at, got, c.want)
		}
	}
}

func leaseRenewed(t *testing.T, b Backend) {
	lease(t, b, "review", "w1", in(0), in(60))
	if !lease(t, b, "review", "w1", in(30), in(90)) {
		t.Fatal("the holder can't renew")
	}
	if lease(t, b, "review", "w2", in(60), in(120)) {
		t.Fatal("a renewed lease was given away")
	}
	if !lease(t, b, "review", "w1", in(61), in(61)) || !lease(t, b, "review", "w2", in(61), in(120)) {
		t.Fatal("a lease that was given up can't be had")
	}
}

func leaseNames(t *testing.T, b Backend) {
	lease(t, b, "review", "w1", in(0), in(60))
	if !lease(t, b, "reclaim", "w2", in(0), in(60)) {
		t.Fatal("one lease keeps another from being had")
	}
}

func leaseTokens(t *testing.T, b Backend) {
	last := uint64(0)
	for _, c := range []struct {
		what      string
		owner     string
		at, until int
		grows     bool
	}{
		{"the first holder", "w1", 0, 60, true},
		{"the same in time", "w1", 30, 90, false},
		{"the same once it ran out", "w1", 90, 120, true},
		{"another", "w2", 120, 130, true},
		{"the first again", "w1", 130, 140, true},
	} {
		got := token(t, b, "review", c.owner, in(c.at), in(c.until))
		if c.grows && got <= last || !c.grows && got != last {
			t.Fatalf("%s got token %d after %d", c.what, got, last)
		}
		last = got
	}
	if got := token(t, b.Reopen(t), "review", "w2", in(140), in(150)); got <= last {
		t.Fatalf("token %d after %d in an earlier process", got, last)
	}
}

// guarded puts a record for a lease.
func guarded(id string, token uint64) func(store.Tx) error {
	return func(tx store.Tx) error {
		if _, err := tx.Put(store.Record{Kind: "guarded", ID: id}); err != nil {
			return err
		}
		return tx.Guard("review", token)
	}
}

func leaseGuards(t *testing.T, b Backend) {
	refused(t, b, store.ErrFenced, guarded("never held", 1))
	first := token(t, b, "review", "w1", in(0), in(60))
	update(t, b, guarded("held", first))
	refused(t, b, store.ErrFenced, guarded("foretold", first+1))
	lease(t, b, "review", "w2", in(30), in(90))
	update(t, b, guarded("refused to another", first))
	second := token(t, b, "review", "w2", in(60), in(120))
	refused(t, b, store.ErrFenced, guarded("late", first))
	update(t, b, guarded("second", second))
	same(t, "written", find(t, b, "guarded", "", "", 9), "held", "refused to another", "second")
}

func leaseGuardsAll(t *testing.T, b Backend) {
	old := token(t, b, "review", "w1", in(0), in(1))
	token(t, b, "review", "w2", in(1), in(2))
	refused(t, b, store.ErrFenced, func(tx store.Tx) error {
		if err := tx.Guard("review", old); err == nil {
			t.Error("an old token guards")
		}
		if err := everything(tx, "a"); err != nil {
			return err
		}
		return tx.Guard("review", old)
	})
	left(t, b)
}
