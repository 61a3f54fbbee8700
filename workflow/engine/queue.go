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
	name   string
	wakeup *wakeup
	slots  int

	mu      sync.Mutex
	running map[uint64]bool // by Task.Seq
	failing map[uint64]int  // by Task.Seq: attempts that are being put back
	doubts  bool            // see doubt
}

func newQueue(name string, slots int, w *wakeup) *queue {
	if slots <= 0 {
		slots = defaultSlots
	}
	return &queue{name: name, wakeup: w, slots: slots, running: map[uint64]bool{}, failing: map[uint64]int{}}
}

// fresh are those of the tasks that are not under way here already. A clock that
// jumps can make this process's own claims look abandoned; claiming them again
// only renews them. It is to be asked inside the transaction of the claim: of a
// task that was still there then and ends right afterwards, nobody could tell
// later that it was under way.
func (q *queue) fresh(tasks []store.Task) (fresh []store.Task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range tasks {
		if !q.running[t.Seq] {
			fresh = append(fresh, t)
		}
	}
	return fresh
}

// begin takes note of what is under way from now on.
func (q *queue) begin(tasks []store.Task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range tasks {
		q.running[t.Seq] = true
	}
}

func (q *queue) finished(seq uint64) {
	q.mu.Lock()
	delete(q.running, seq)
	q.mu.Unlock()
	q.wakeup.signal()
}

// free is how many slots are free; below zero when removals run beyond them.
func (q *queue) free() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.slots - len(q.running)
}

func (q *queue) full() bool { return q.free() <= 0 }
