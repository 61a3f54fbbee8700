package engine

import "time"

// Clock is where the engine reads the time and waits for it.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// Until delivers, once, when the clock has reached t; stop gives the wait up.
	// A clock that is set forward delivers at once.
	Until(t time.Time) (due <-chan struct{}, stop func())
}
