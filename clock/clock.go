// Package clock is the time that Latchkey lives by, as a value that is handed in: the machine's clock when it
// runs, a clock that is moved by hand in tests and in the emulated world.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time and waits for it.
type Clock interface {
	Now() time.Time
	// Until returns a channel that delivers once the clock has reached t, and a function that gives the
	// wait up; it may be called more than once, and after the delivery. A clock that is moved delivers too.
	Until(t time.Time) (<-chan struct{}, func())
}

// longest is how long System sleeps without looking at the wall clock.
const longest = time.Minute

// System is the machine's wall clock.
type System struct{}

// Now is the current time.
func (System) Now() time.Time { return time.Now() }

// Until delivers once the wall clock has reached t. A wait is cut into stretches of at most a minute,
// because a machine that slept or whose clock was set knows the wall clock only when it looks again.
func (System) Until(t time.Time) (<-chan struct{}, func()) {
	ready, stopped := make(chan struct{}), make(chan struct{})
	t = t.Round(0)
	if time.Until(t) <= 0 {
		close(ready)
		return ready, func() {}
	}
	go func() {
		for left := time.Until(t); left > 0; left = time.Until(t) {
			timer := time.NewTimer(min(left, longest))
			select {
			case <-timer.C:
			case <-stopped:
				timer.Stop()
				return
			}
		}
		close(ready)
	}()
	return ready, sync.OnceFunc(func() { close(stopped) })
}
