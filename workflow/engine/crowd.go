package engine

import (
	"context"
	"sync"
	"time"
)

const (
	// crowded is how many people have to wait for an answer at the same moment before
	// tasks step back for them.
	crowded = 16
	// longestYield is how long tasks step back for a crowd at a stretch, and how often
	// some of them are let through while it lasts.
	longestYield = time.Second
	// endsAgain is how often ends, which step back for nobody, are looked for meanwhile.
	endsAgain = 200 * time.Millisecond
)

// crowd counts those who wait for an answer. Slack takes what is not acknowledged within
// three seconds for failed, and a task has no such limit: where many press at once, their
// answers go first.
type crowd struct {
	mu      sync.Mutex
	waiting int
	over    chan struct{} // closed when the crowd is gone; nil while there is none
}

// Answering tells that somebody waits for an answer at this moment, until answered is called.
func (s *Units) Answering() (answered func()) {
	s.crowd.add(1)
	return sync.OnceFunc(func() { s.crowd.add(-1) })
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

// yields tells whether the worker lets a crowd go first, and until when the crowd may be
// there. After longestYield one round of tasks goes ahead.
func (w *worker) yields() (over <-chan struct{}) {
	over = w.units.crowd.there()
	now := w.units.Now()
	switch {
	case over == nil:
		w.yielding = time.Time{}
	case w.yielding.IsZero():
		w.yielding = now
	case now.Sub(w.yielding) >= longestYield:
		w.yielding = now
		return nil
	}
	return over
}

// pause waits until the crowd is gone, or ends are to be looked for.
func (w *worker) pause(ctx context.Context, over <-chan struct{}) {
	due, stop := w.units.clock.Until(w.units.Now().Add(endsAgain))
	defer stop()
	select {
	case <-over:
	case <-due:
	case <-ctx.Done():
	}
}
