package engine

import (
	"context"
	"errors"

	"latchkey/store"
)

// Settled is how long after an attempt that another one follows nothing of it arrives any
// more: a call that it had sent is answered or given up by then, and its claim has run out.
const Settled = claimFor

// overtaken has a task's handler make good what an attempt of this process may have changed
// after another process had taken the task over and done it: no vendor can be told to
// take nothing that is older than what it has.
func (r *runner) overtaken(ctx context.Context, t store.Task) {
	h := r.handlers[t.Kind]
	if h.Overtaken == nil {
		return
	}
	for n := 1; ; n++ {
		err := r.counters.caught("what overtook "+t.ID, func() error {
			return r.units.Update(context.WithoutCancel(ctx), func(u *Unit) error { return h.Overtaken(u, t, u.At) })
		})
		if err == nil || errors.Is(err, store.ErrClosed) {
			return
		}
		r.units.log.Error("what a task changed that another process has by now can't be looked at again yet", "task", t.ID, "error", err)
		due, stop := r.units.clock.Until(r.units.Now().Add(backoff(n, longestBackoff)))
		select {
		case <-due:
		case <-ctx.Done():
			stop()
			return
		}
		stop()
	}
}

// doubted has what a task changed looked at again that another process had begun: of its
// attempt something may be under way.
func (r *runner) doubted(u *Unit, t store.Task) error {
	h := r.handlers[t.Kind]
	if !t.Begun || !h.Doubts || h.Overtaken == nil || r.units.store.Exclusive() {
		return nil
	}
	return h.Overtaken(u, t, u.At.Add(Settled))
}
