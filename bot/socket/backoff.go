package socket

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff bounds the wait between attempts that fail one after the other. The wait doubles from Min to Max and is
// shortened by up to half at random, so that replicas do not return in step.
type Backoff struct {
	Min time.Duration // default 500 ms
	Max time.Duration // default 30 s
}

func (b Backoff) withDefaults() Backoff {
	if b.Min <= 0 {
		b.Min = 500 * time.Millisecond
	}
	if b.Max < b.Min {
		b.Max = max(30*time.Second, b.Min)
	}
	return b
}

// after is the wait after so many failures in a row; none for 0.
func (b Backoff) after(failures int) time.Duration {
	if failures <= 0 {
		return 0
	}
	wait := b.Min
	for range failures - 1 {
		if wait *= 2; wait >= b.Max {
			return jitter(b.Max)
		}
	}
	return jitter(wait)
}

func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}

// sleep waits for d or until ctx ends, which it reports.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
