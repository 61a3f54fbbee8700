package engine

import (
	"context"
	"errors"
	"time"

	"latchkey/store"
)

// claimFor is how long a claim holds before another process may take the
// task over. It is well above defaultTimeout, so a living worker never loses one.
const claimFor = 3 * time.Minute

// Settled is how long after an attempt that another one follows nothing of it arrives any
// more: a call that it had sent is answered or given up by then, and its claim has run out.
const Settled = claimFor

// overtakings have looked at again what an attempt may have changed that another process overtook.
type overtakings struct {
	units    *Units
	handlers map[string]Handler
	counters *counters
}

// after has a task's handler make good what an attempt of this process may have changed
// after another process had taken the task over and done it: no vendor can be told to
// take nothing that is older than what it has.
func (o overtakings) after(ctx context.Context, t store.Task) {
	h := o.handlers[t.Kind]
	if h.Overtaken == nil {
		return
	}
	for n := 1; ; n++ {
		err := o.counters.caught("what overtook "+t.ID, func() error {
			return o.units.Update(context.WithoutCancel(ctx), func(u *Unit) error { return h.Overtaken(u, t, u.At) })
		})
		if err == nil || errors.Is(err, store.ErrClosed) {
			return
		}
		o.units.log.Error("what a task changed that another process has by now can't be looked at again yet", "task", t.ID, "error", err)
		due, stop := o.units.clock.Until(o.units.Now().Add(backoff(n, longestBackoff)))
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
func (o overtakings) doubted(u *Unit, t store.Task) error {
	h := o.handlers[t.Kind]
	if !t.Begun || !h.Doubts || h.Overtaken == nil || o.units.store.Exclusive() {
		return nil
	}
	return h.Overtaken(u, t, u.At.Add(Settled))
}
