package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"latchkey/store"
)

// sure is for how long it is known that a claim holds, once that was seen: much less than it
// takes until whoever stands still is taken for dead.
const sure = time.Second

// claim is this process's on a task that it carries out.
type claim struct {
	units *Units
	task  store.Task

	mu   sync.Mutex
	seen time.Time // when it was known to hold
}

// holds refuses to go on with a task that isn't this process's any more. Its calls ask it,
// because a process that stood still would otherwise change what others have done since.
func (c *claim) holds(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.units.Now()
	if past := now.Sub(c.seen); past >= 0 && past < sure {
		return nil
	}
	err := c.units.View(ctx, func(tx store.Tx) error {
		is, err := tx.Task(c.task.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return errLost
		case err != nil:
			return err
		case is.Seq != c.task.Seq, is.State != store.Claimed, is.Owner != c.task.Owner, !is.Until.After(now):
			return errLost
		}
		return nil
	})
	if err == nil {
		c.seen = now
	}
	return err
}
