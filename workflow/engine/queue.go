package engine

import (
	"sync"

	"latchkey/store"
)

// spare is how many removals a queue runs beyond its slots: while a crowd of
// additions waits for its vendor, an end does not.
const spare = 2

// defaultSlots is how many tasks of a queue run at once, where nothing is said.
const defaultSlots = 8

// queue is what this process has under way of one queue.
type queue struct {
	name  string
	bell  *bell
	slots int

	mu      sync.Mutex
	running map[uint64]bool // by Task.Seq
}

func newQueue(name string, slots int, b *bell) *queue {
	if slots <= 0 {
		slots = defaultSlots
	}
	return &queue{name: name, bell: b, slots: slots, running: map[uint64]bool{}}
}

// begin keeps the tasks that are not under way here already. A clock that jumps
// can make this process's own claims look abandoned; claiming them again only
// renews them.
func (q *queue) begin(tasks []store.Task) []store.Task {
	q.mu.Lock()
	defer q.mu.Unlock()
	var fresh []store.Task
	for _, t := range tasks {
		if !q.running[t.Seq] {
			q.running[t.Seq] = true
			fresh = append(fresh, t)
		}
	}
	return fresh
}

func (q *queue) finished(seq uint64) {
	q.mu.Lock()
	delete(q.running, seq)
	q.mu.Unlock()
	q.bell.ring()
}

// free is how many slots are free; below zero when removals run beyond them.
func (q *queue) free() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.slots - len(q.running)
}

func (q *queue) full() bool { return q.free() <= 0 }
