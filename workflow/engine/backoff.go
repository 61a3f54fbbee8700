package engine

import (
	"math/rand/v2"
	"time"
)

const (
	firstBackoff   = time.Second
	longestBackoff = time.Minute
)

// backoff grows with the attempts, with jitter so that a crowd spreads out.
func backoff(attempts int, longest time.Duration) time.Duration {
	d := min(firstBackoff<<min(max(attempts-1, 0), 10), longest)
	return d/2 + rand.N(d/2+1)
}
