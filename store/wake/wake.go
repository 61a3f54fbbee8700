// Package wake wakes those of one process who wait for topics.
package wake

import (
	"context"
	"sync"
)

// Waiters are those who listen for topics.
type Waiters struct {
	mu     sync.Mutex
	closed bool
	topics map[*waiter][]string
	asleep map[string]map[*waiter]bool // by topic
}

// waiter is one who waits.
type waiter struct{ c chan struct{} }

func (w *waiter) tell() {
	select {
	case w.c <- struct{}{}:
	default: // there is one to look at already
	}
}

// New is nobody.
func New() *Waiters {
	return &Waiters{topics: map[*waiter][]string{}, asleep: map[string]map[*waiter]bool{}}
}

// Wait adds one who waits until ctx ends; ok is false once there is nothing to wait
// for any more. Notices that come while nobody receives are delivered as one.
func (all *Waiters) Wait(ctx context.Context, topics []string) (c <-chan struct{}, ok bool) {
	w := &waiter{make(chan struct{}, 1)}
	if !all.add(w, topics) {
		return nil, false
	}
	context.AfterFunc(ctx, func() { all.remove(w) })
	return w.c, true
}

func (all *Waiters) add(w *waiter, topics []string) bool {
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
func (all *Waiters) remove(w *waiter) {
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

// Wake tells everybody who waits for one of the topics.
func (all *Waiters) Wake(topics map[string]bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for t := range topics {
		for w := range all.asleep[t] {
			w.tell()
		}
	}
}

// WakeAll tells everybody, whatever they wait for.
func (all *Waiters) WakeAll() {
	all.mu.Lock()
	defer all.mu.Unlock()
	for w := range all.topics {
		w.tell()
	}
}

// Close ends every wait.
func (all *Waiters) Close() {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.closed = true
	for w := range all.topics {
		close(w.c)
	}
	clear(all.topics)
	clear(all.asleep)
}
