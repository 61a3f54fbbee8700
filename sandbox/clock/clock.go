// Package clock is how the emulators know the time.
package clock

import "time"

// Clock is a world's time: timestamps, windows of rate limits, delays.
type Clock interface {
	Now() time.Time
	// After delivers the time once d has passed.
	After(d time.Duration) <-chan time.Time
}

// System is the clock of the computer.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time                         { return time.Now() }
func (system) After(d time.Duration) <-chan time.Time { return time.After(d) }
