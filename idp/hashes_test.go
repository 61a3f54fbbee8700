package idp

import (
	"math/rand/v2"
	"testing"
)

// TestASetOfHashes says of each once that it is new, however many there are, and of 0 as of any other.
func TestASetOfHashes(t *testing.T) {
	var s hashes
	seen := map[uint64]bool{}
	for range 20_000 {
		h := rand.Uint64N(10_000) << rand.IntN(50)
		if isNew := s.add(h); isNew == seen[h] {
			t.Fatalf("%d is new: %v", h, isNew)
		}
		seen[h] = true
	}
	if s.add(0) == seen[0] {
		t.Error("0 is not one of them")
	}
}
