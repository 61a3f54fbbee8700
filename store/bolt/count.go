package bolt

import (
	"slices"

	"latchkey/store"
)

// TaskCounts implements store.Queue.
func (q taskQueue) TaskCounts() (counts []store.TaskCount, err error) {
	if err := q.mayRead(); err != nil {
		return nil, err
	}
	found := map[store.TaskCount]int{} // by what has no count yet
	for _, raw := range q.scan(tasks, nil, nil) {
		found[standing(raw)]++
	}
	for c, n := range found {
		c.Count = n
		counts = append(counts, c)
	}
	slices.SortFunc(counts, store.TaskCount.Compare)
	return counts, nil
}

// standing is where a task stands: in its first text and its sixth. One that can't be read so far
// waits for a human, as it does for whoever lists it.
func standing(raw []byte) store.TaskCount {
	u := &unpacker{rest: raw}
	c := store.TaskCount{Queue: u.text()}
	for range 4 {
		u.text()
	}
	if c.State = store.TaskState(u.text()); u.err != nil {
		c.State = store.Stuck
	}
	return c
}
