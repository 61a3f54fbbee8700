package bolt

import "sync"

// waiters are those who listen for topics. The file belongs to one process, so
// everybody who can listen is in here.
type waiters struct {
	mu     sync.Mutex
	closed bool
	topics map[*waiter][]string
	asleep map[string]map[*waiter]bool // by topic
}

// waiter is one call of Wait.
type waiter struct{ c chan struct{} }

func newWaiters() *waiters {
	return &waiters{topics: map[*waiter][]string{}, asleep: map[string]map[*waiter]bool{}}
}

// add is false once the store is closed.
func (all *waiters) add(w *waiter, topics []string) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.closed {
		return false
	}
	all.topics[w] = topics
	for _, t := range topics {
		if all.asleep[t] == nil {
			all.asleep[t] = map[*waiter]bool{}
		}
		all.asleep[t][w] = true
	}
	return true
}

// remove ends a wait, once.
func (all *waiters) remove(w *waiter) {
	all.mu.Lock()
	defer all.mu.Unlock()
	topics, there := all.topics[w]
	if !there {
		return
	}
	delete(all.topics, w)
	for _, t := range topics {
		if delete(all.asleep[t], w); len(all.asleep[t]) == 0 {
			delete(all.asleep, t)
		}
	}
	close(w.c)
}

// wake tells everybody who waits for one of the topics.
func (all *waiters) wake(topics map[string]bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for t := range topics {
		for w := range all.asleep[t] {
			select {
			case w.c <- struct{}{}:
			default: // there is one to look at already
			}
		}
	}
}

// close ends every wait.
func (all *waiters) close() {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.closed = true
	for w := range all.topics {
		close(w.c)
	}
	clear(all.topics)
	clear(all.asleep)
}
