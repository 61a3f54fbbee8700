package engine

import (
	"strconv"
	"testing"
	"time"

	"latchkey/store"
)

func TestBands(t *testing.T) {
	for ahead, want := range map[float64]store.Priority{0: 0, 3: 0, 4: 1, 15: 1, 16: 2, 63.9: 2, 64: 3, 4000: 5, 1e12: bands - 1} {
		if got := band(ahead); got != want {
			t.Errorf("behind %v others a task stands in band %d, want %d", ahead, got, want)
		}
	}
}

func TestSharesForget(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s, k := newShares(), shareKey{"okta", "boss"}
	s.add(map[shareKey]int{k: 80}, at)
	for after, want := range map[time.Duration]float64{0: 80, forgetting: 40, 3 * forgetting: 10, -time.Hour: 80} {
		if got := s.of(k, at.Add(after)); got != want {
			t.Errorf("after %v it is %v, want %v", after, got, want)
		}
	}
	crowd := map[shareKey]int{}
	for i := range 10_001 {
		crowd[shareKey{"okta", strconv.Itoa(i)}] = 1
	}
	s.add(crowd, at.Add(time.Hour))
	s.add(map[shareKey]int{k: 1}, at.Add(2*time.Hour))
	if len(s.used) != 1 {
		t.Errorf("%d people are remembered", len(s.used))
	}
}

func TestBackoffGrowsAndSpreads(t *testing.T) {
	for attempts, most := range map[int]time.Duration{0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 10 * time.Second, 1000: 10 * time.Second} {
		for range 50 {
			if d := backoff(attempts, 10*time.Second); d < most/2 || d > most {
				t.Fatalf("attempt %d waits %v, want between %v and %v", attempts, d, most/2, most)
			}
		}
	}
}
