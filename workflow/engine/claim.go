package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"latchkey/limit"
	"latchkey/store"
)

// sure is for how long it is known that something is held, once that was seen: much less than it
// takes until whoever stands still is taken for dead.
const sure = time.Second

// lately remembers that something was seen a moment ago.
type lately struct {
	units *Units

	mu   sync.Mutex
	seen time.Time
}

// sure looks, unless it was seen a moment ago.
func (l *lately) sure(look func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.units.Now()
	if past := now.Sub(l.seen); past >= 0 && past < sure {
		return nil
	}
	err := look()
	if err == nil {
		l.seen = now
	}
	return err
}

// claim is this process's on a task that it carries out.
type claim struct {
	units *Units
	task  store.Task
	known lately // that it holds
}

func (s *Units) claimOn(t store.Task) *claim {
	return &claim{units: s, task: t, known: lately{units: s, seen: t.Until.Add(-claimFor)}}
}

// fenced has calls under a context ask whether the claim holds.
func (c *claim) fenced(ctx context.Context) context.Context { return limit.Fenced(ctx, c.holds) }

// holds refuses to go on with a task that isn't this process's any more. Its calls ask it,
// because a process that stood still would otherwise change what others have done since.
func (c *claim) holds(ctx context.Context) error {
	return c.known.sure(func() error {
		return c.units.View(ctx, func(tx store.Tx) error {
			is, err := tx.Task(c.task.ID)
			switch {
			case errors.Is(err, store.ErrNotFound):
				return errLost
			case err != nil:
				return err
			case is.Seq != c.task.Seq, is.State != store.Claimed, is.Owner != c.task.Owner, !is.Until.After(c.units.Now()):
				return errLost
			}
			return nil
		})
	})
}

// renewed carries out a task that may take longer than a claim holds: its claim is renewed, and
// nothing is written for it any more once another process has it.
func (c *claim) renewed(do HandlerFunc) HandlerFunc {
	r := renewal{units: c.units, what: "the task " + c.task.ID, every: claimFor / 3, again: c.renew, lost: errLost}
	return func(ctx context.Context, t store.Task) (done Outcome, err error) {
		err = r.during(context.WithValue(ctx, claimKey{}, t), func(ctx context.Context) (err error) {
			done, err = do(ctx, t)
			return err
		})
		return done, err
	}
}

// renew has the claim hold for as long as one that is made now.
func (c *claim) renew(ctx context.Context) error {
	err := c.units.store.Update(ctx, func(tx store.Tx) error {
		if err := mine(tx, c.task); err != nil {
			return err
		}
		return tx.Renew(c.task.ID, c.task.Owner, c.units.Now().Add(claimFor))
	})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		return errLost // it ran out, and is whose who takes it next
	}
	return err
}
