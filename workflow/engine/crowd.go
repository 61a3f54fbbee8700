package engine

import "sync"

// crowded is how many people have to wait for an answer at the same moment before tasks
// step back for them.
const crowded = 16

// crowd counts those who wait for an answer. Slack takes what is not acknowledged within
// three seconds for failed, and a task has no such limit: where many press at once, their
// answers go first.
type crowd struct {
	mu      sync.Mutex
	waiting int
	over    chan struct{} // closed when the crowd is gone; nil while there is none
}

func (c *crowd) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting += n
	switch there := c.waiting >= crowded; {
	case there && c.over == nil:
		c.over = make(chan struct{})
	case !there && c.over != nil:
		close(c.over)
		c.over = nil
	}
}

// there is closed when the crowd of this moment is gone; nil if there is none.
func (c *crowd) there() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}
