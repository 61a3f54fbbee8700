package socket

import (
	"sync"
	"time"
)

// State is what a health check or a log wants to know about the connections.
type State struct {
	Connected      int       // sockets that Slack has greeted and that still serve; a rotation shows one more for a moment
	LastHello      time.Time // zero before the first
	NumConnections int       // of the whole app as counted by Slack in the last hello; more than ours means other replicas
	LastError      error     // why the last attempt or connection failed; nil after a hello
}

// reporter keeps the state and tells of every change.
type reporter struct {
	onState func(State) // may be nil

	reporting sync.Mutex // held while onState runs
	mu        sync.Mutex
	state     State
}

// State returns the current state. It may be called at any time, also from OnState.
func (r *reporter) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// change applies f to the state and reports the result. Reports come one at a time and in order.
func (r *reporter) change(f func(*State)) {
	r.reporting.Lock()
	defer r.reporting.Unlock()
	r.mu.Lock()
	f(&r.state)
	now := r.state
	r.mu.Unlock()
	if r.onState != nil {
		r.onState(now)
	}
}
