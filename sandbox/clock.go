package sandbox

import (
	"slices"
	"sync"
	"time"
)

// Clock is the emulated world's time: the wall clock plus an offset that can be
// moved. It goes on ticking, so that stories play at the speed of life between
// the jumps. It serves the emulators and, in one process, the bot.
type Clock struct {
	mu      sync.Mutex
	offset  time.Duration
	waiters map[*waiter]bool
}

type waiter struct {
	at    time.Time
	fire  func()
	timer *time.Timer
}

// NewClock starts at the wall clock.
func NewClock() *Clock { return &Clock{waiters: map[*waiter]bool{}} }

// NewClockAt starts at an instant and ticks on from there.
func NewClockAt(t time.Time) *Clock {
	c := NewClock()
	c.offset = time.Until(t)
	return c
}

// Now is the world's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return time.Now().Round(0).Add(c.offset) }

// Advance moves the world's time by d, which may be negative. Whoever waits for
// a time that has come is woken, the first to be due first.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.offset += d
	var due []*waiter
	for w := range c.waiters {
		w.timer.Stop()
		if left := w.at.Sub(c.now()); left > 0 {
			w.timer.Reset(left)
		} else {
			due = append(due, w)
			delete(c.waiters, w)
		}
	}
	c.mu.Unlock()
	slices.SortFunc(due, func(a, b *waiter) int { return a.at.Compare(b.at) })
	for _, w := range due {
		w.fire()
	}
}

// Until delivers once the world has reached t; the function gives the wait up.
func (c *Clock) Until(t time.Time) (<-chan struct{}, func()) {
	ready := make(chan struct{})
	return ready, c.at(t, func() { close(ready) })
}

// After delivers the world's time once d has passed in it.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	ready := make(chan time.Time, 1)
	c.at(c.Now().Add(d), func() { ready <- c.Now() })
	return ready
}

// at calls fire once, when the world reaches t, unless it is stopped before.
func (c *Clock) at(t time.Time, fire func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &waiter{at: t, fire: fire}
	w.timer = time.AfterFunc(max(0, t.Sub(c.now())), func() { c.ring(w) })
	c.waiters[w] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		w.timer.Stop()
		delete(c.waiters, w)
	}
}

// ring fires a waiter whose timer ran out, if its time has really come: the
// clock may have been set back meanwhile.
func (c *Clock) ring(w *waiter) {
	c.mu.Lock()
	if !c.waiters[w] {
		c.mu.Unlock()
		return
	}
	if left := w.at.Sub(c.now()); left > 0 {
		w.timer.Reset(left)
		c.mu.Unlock()
		return
	}
	delete(c.waiters, w)
	c.mu.Unlock()
	w.fire()
}
