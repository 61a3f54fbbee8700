// Package traffic keeps what an emulator saw of its client: the calls, how often each
// was made, and what a well-behaved client would not have done.
package traffic

import (
	"maps"
	"slices"
	"sync"
)

// Reader is what a test may ask about the client's conduct.
type Reader[C any] interface {
	// Stats counts calls, by the names that the emulator gives them.
	Stats() map[string]int
	// Calls lists the most recent calls, oldest first.
	Calls() []C
	// Violations lists what the vendor would refuse or punish.
	Violations() []string
}

// Log is an emulator's memory of its client. C is what it keeps of one call. It is
// safe for concurrent use.
type Log[C any] struct {
	mu         sync.Mutex
	keep       int
	stats      map[string]int
	calls      []C
	violations []string
}

// New makes a log that remembers the last keep calls.
func New[C any](keep int) *Log[C] { return &Log[C]{keep: keep, stats: map[string]int{}} }

// Add remembers a call.
func (l *Log[C]) Add(call C) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.calls) >= 2*l.keep {
		l.calls = slices.Clone(l.calls[len(l.calls)-l.keep:])
	}
	l.calls = append(l.calls, call)
}

// Count counts something under a name.
func (l *Log[C]) Count(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats[name]++
}

// Peak remembers the largest value seen under a name.
func (l *Log[C]) Peak(name string, value int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats[name] = max(l.stats[name], value)
}

// Violate remembers what the client did wrong.
func (l *Log[C]) Violate(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violations = append(l.violations, what)
}

// Stats counts calls, by the names that the emulator gives them.
func (l *Log[C]) Stats() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.stats)
}

// Calls lists the most recent calls, oldest first.
func (l *Log[C]) Calls() []C {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls[max(0, len(l.calls)-l.keep):])
}

// Violations lists what the vendor would refuse or punish.
func (l *Log[C]) Violations() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.violations)
}
