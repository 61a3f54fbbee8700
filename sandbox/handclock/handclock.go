// Package handclock is a clock for the tests of the emulators. It stands still until
// it is moved.
package handclock

import (
	"sync"
	"time"
)

// Clock is an emulator's clock that is moved by hand. It is safe for concurrent
// use.
type Clock struct {
	// Asked gets a value for each wait that began, so that a test can move the
	// clock when somebody waits for it.
	Asked chan struct{}

	mu    sync.Mutex
	now   time.Time
	waits []wait
}

type wait struct {
	until time.Time
	over  chan time.Time
}

// New makes a clock that shows nine in the morning of a Monday.
func New() *Clock {
	return &Clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Asked: make(chan struct{}, 100)}
}

// Now is the time the clock was moved to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After delivers the time once the clock was moved by d or more.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := wait{until: c.now.Add(d), over: make(chan time.Time, 1)}
	c.waits = append(c.waits, w)
	c.Asked <- struct{}{}
	return w.over
}

// Advance moves the clock and ends the waits whose time has come.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	var rest []wait
	for _, w := range c.waits {
		if w.until.After(c.now) {
			rest = append(rest, w)
			continue
		}
		w.over <- c.now
	}
	c.waits = rest
}
