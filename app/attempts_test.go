package app

import (
	"testing"
	"time"

	"latchkey/store"
	"latchkey/store/bolt/bolttest"
)

// several is a store that several processes have open.
type several struct{ store.Store }

func (several) Exclusive() bool { return false }

// TestAttemptsAreKeptForAllReplicas until it is known what came of them; where there is one process, it knows by itself.
func TestAttemptsAreKeptForAllReplicas(t *testing.T) {
	s := bolttest.Open(t)
	if attemptsIn(s) != nil {
		t.Error("one process alone keeps in the store what it knows")
	}
	one, other := attemptsIn(several{s}), attemptsIn(several{s})
	first := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	expect := func(when string, want time.Time) {
		t.Helper()
		if got, err := other.Last(t.Context(), "AR-1"); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v, want %v", when, got, err, want)
		}
	}
	expect("before", time.Time{})
	for _, at := range []time.Time{first, first.Add(time.Minute)} {
		if err := one.Begins(t.Context(), "AR-1", at); err != nil {
			t.Fatal(err)
		}
		expect("tried", at)
	}
	if err := other.Resolved(t.Context(), "AR-1"); err != nil {
		t.Fatal(err)
	}
	expect("resolved", time.Time{})
}
