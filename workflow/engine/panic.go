package engine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"latchkey/access"
	"latchkey/store"
)

// counters are what Stats reads.
type counters struct{ panics, setAside, missed atomic.Uint64 }

// panicked is what somebody else's code panicked with, as an error.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// damaged tells that something is there and can't be read back.
func damaged(err error) bool {
	var one *store.Damaged
	var some store.Damage
	return errors.As(err, &one) || errors.As(err, &some)
}

// classify is the failure in an error. What can't be read back won't be by itself.
func classify(err error) *access.Failure {
	var known *access.Failure
	if damaged(err) && !errors.As(err, &known) {
		return &access.Failure{Class: access.Rejected, Err: err, Sentence: "Something that this needs can't be read back from the store: restore it from a backup, then try again"}
	}
	return access.Classify(err)
}

// Caught runs work that goes on beside the engine's and turns a panic into a
// failure: a fault in it must not end the process, and the ends of access with it.
func Caught(what string, fn func() error) error { return new(counters).caught(what, fn) }

// caught runs fn and turns a panic into a failure that a human has to look at.
func (c *counters) caught(what string, fn func() error) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		c.panics.Add(1)
		err = &access.Failure{
			Class:    access.Rejected,
			Sentence: "Latchkey stumbled over a fault of its own at " + what + ": report it with the lines of the log about it, and try again after an update",
			Err:      &panicked{p, debug.Stack()},
		}
	}()
	return fn()
}
