package bolt

import (
	"context"
	"sync"

	"latchkey/store"
)

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

// Wait implements store.Store.
func (s *Store) Wait(ctx context.Context, topics ...string) (<-chan struct{}, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &waiter{make(chan struct{}, 1)}
	if !s.waiters.add(w, topics) {
		return nil, store.ErrClosed
	}
	context.AfterFunc(ctx, func() { s.waiters.remove(w) })
	return w.c, nil
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

// Notify implements store.Tx.
func (t *tx) Notify(topics ...string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	t.notices = append(t.notices, topics...)
	return nil
}

// notify keeps what a function that succeeded wants to be heard.
func (b *batch) notify(topics []string) {
	if b.notices == nil {
		b.notices = map[string]bool{}
	}
	for _, topic := range topics {
		b.notices[topic] = true
	}
}
