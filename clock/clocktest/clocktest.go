// Package clocktest is a clock for tests. It stands still until it is moved, and may be moved back.
package clocktest

import (
	"sync"
	"time"
)

// Clock is a clock.Clock that is set by hand. It is safe for concurrent use.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[*waiter]bool
}

type waiter struct {
	at    time.Time
	ready chan struct{}
}

// New makes a clock that shows the given time.
func New(now time.Time) *Clock { return &Clock{now: now, waiting: map[*waiter]bool{}} }

// Now is the time the clock was set to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to now, and delivers to whoever waits for a time that has come.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
	for w := range c.waiting {
		if !w.at.After(now) {
			close(w.ready)
			delete(c.waiting, w)
		}
	}
}

// Next is the earliest time that somebody waits for.
func (c *Clock) Next() (at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for w := range c.waiting {
		if !ok || w.at.Before(at) {
			at, ok = w.at, true
		}
	}
	return at, ok
}

// Advance moves the clock by d, which may be negative.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Until delivers once the clock was moved to t or past it; the function gives the wait up.
func (c *Clock) Until(t time.Time) (<-chan struct{}, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &waiter{t, make(chan struct{})}
	if !t.After(c.now) {
		close(w.ready)
		return w.ready, func() {}
	}
	c.waiting[w] = true
	return w.ready, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waiting, w)
	}
}

// Waiting is how many wait for the clock, so that a test can move it when somebody does.
func (c *Clock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}
