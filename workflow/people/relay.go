package people

import "sync"

// relay carries a panic from work at the side to whoever waits for that work, and
// is prepared for panics: one in a goroutine of its own would end the process.
type relay struct {
	mu    sync.Mutex
	value any
}

// catch is to be deferred by the work.
func (r *relay) catch() {
	if p := recover(); p != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.value = p
	}
}

// pass hands a panic on, once the work is done.
func (r *relay) pass() {
	if r.value != nil {
		panic(r.value)
	}
}
