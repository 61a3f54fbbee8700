package handclock

import (
	"sync"
	"time"
)

// Still is a clock that stands still until it is moved, and where nobody waits: what is due later is due at once. It is
// safe for concurrent use.
type Still struct {
	mu  sync.Mutex
	now time.Time
}

// NewStill makes one that shows nine in the morning of a Monday.
func NewStill() *Still { return &Still{now: New().Now()} }

// Now is the time the clock was moved to.
func (c *Still) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After delivers the time at once.
func (c *Still) After(time.Duration) <-chan time.Time {
	over := make(chan time.Time, 1)
	over <- c.Now()
	return over
}

// Advance moves the clock.
func (c *Still) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
