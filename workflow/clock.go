package workflow

import (
	"time"

	"latchkey/workflow/engine"
)

// Clock is the time the workflow lives by.
type Clock = engine.Clock

// SystemClock is the machine's wall clock.
type SystemClock struct{}

// Now is the current time.
func (SystemClock) Now() time.Time { return time.Now() }

// Until delivers once the wall clock has reached t. A wait is cut into stretches
// of at most a minute, because a machine that slept or whose clock was set knows
// the wall clock only when it looks again.
func (SystemClock) Until(t time.Time) (<-chan struct{}, func()) {
	ready, stop := make(chan struct{}), make(chan struct{})
	go func() {
		for {
			left := time.Until(t.Round(0))
			if left <= 0 {
				close(ready)
				return
			}
			timer := time.NewTimer(min(left, time.Minute))
			select {
			case <-timer.C:
			case <-stop:
				timer.Stop()
				return
			}
		}
	}()
	var stopped bool
	return ready, func() {
		if !stopped {
			stopped = true
			close(stop)
		}
	}
}
