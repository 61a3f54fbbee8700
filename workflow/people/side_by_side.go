package people

import "sync"

// atOnce is how many people are looked up side by side.
const atOnce = 8

// sideBySide does something for each of many, several at once.
func sideBySide(n int, do func(int)) {
	if n == 1 {
		do(0)
		return
	}
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	var fault relay
	for i := range n - 1 {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			defer fault.catch()
			do(i)
		})
	}
	if n > 0 {
		func() {
			defer fault.catch()
			do(n - 1) // by whoever waits
		}()
	}
	all.Wait()
	fault.pass()
}

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
