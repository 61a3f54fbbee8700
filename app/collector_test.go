package app

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// TestMemoryByWhatLives: a little for everybody, and more for whoever needs more.
func TestMemoryByWhatLives(t *testing.T) {
	for live, want := range map[uint64]int64{0: 96, 45 << 20: 96, 64 << 20: 128, 400 << 20: 716} {
		if got := limitFor(live) >> 20; got != want {
			t.Errorf("%d MB live: %d MB, want %d MB", live>>20, got, want)
		}
	}
}

// TestMuchThatLivesIsNoticed at a collection, and that it is gone at a later one.
func TestMuchThatLivesIsNoticed(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	TuneCollector()
	held := make([]byte, 400<<20)
	if !collectsUntil(func(limit int64) bool { return limit > 600<<20 && limit < math.MaxInt64 }) {
		t.Error("with 400 MB alive there is no more room than for a few")
	}
	runtime.KeepAlive(held) // up to here
	if !collectsUntil(func(limit int64) bool { return limit < 600<<20 }) {
		t.Error("what was needed once is there for ever")
	}
}

// collectsUntil collects until the limit is one.
func collectsUntil(is func(limit int64) bool) bool {
	for range 1000 {
		runtime.GC()
		if is(debug.SetMemoryLimit(-1)) {
			return true
		}
		runtime.Gosched()
	}
	return false
}
