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
	}
}

func lease(t failer, s store.Store, name, owner string, at, until time.Time) bool {
	t.Helper()
	return write(t, s, func(tx store.Tx) (bool, error) { return tx.Lease(name, owner, at, until) })
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
