package app

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestGarbageByWhatLives: three times as much while that is little, and never less than lives.
func TestGarbageByWhatLives(t *testing.T) {
	for live, want := range map[uint64]int{0: 300, 5 << 20: 300, 13 << 20: 300, 20 << 20: 200, 40 << 20: 100, 4 << 30: 100} {
		if got := percentFor(live); got != want {
			t.Errorf("%d MB live: %d %%, want %d %%", live>>20, got, want)
		}
	}
}

// TestMuchThatLivesIsNoticed at the next collection, and that it is gone at one after that.
func TestMuchThatLivesIsNoticed(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	TuneCollector()
	held := make([]byte, 200<<20)
	if !collectsAt(leastPercent) {
		t.Error("with 200 MB alive, garbage still gets three times as much")
	}
	runtime.KeepAlive(held)
	held = nil
	if !collectsAt(collectorPercent) {
		t.Error("with nothing much alive, garbage gets no more than Go gives it")
	}
}

// collectsAt collects until garbage gets so many percent.
func collectsAt(percent int) bool {
	for range 100 {
		runtime.GC()
		now := debug.SetGCPercent(percent)
		if debug.SetGCPercent(now); now == percent {
			return true
		}
		runtime.Gosched()
	}
	return false
}
