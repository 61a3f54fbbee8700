package app

import (
	"context"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// deeds count what this process did, where it did it. It implements engine.Observer.
type deeds struct {
	metrics *metrics
	store   store.Store
	log     *slog.Logger
}

// Happened implements engine.Observer.
func (d deeds) Happened(ctx context.Context, h engine.Happened) {
	for _, e := range h.Events {
		d.metrics.events.WithLabelValues(string(e.Kind)).Inc()
		if r, ok := h.Request(e.Request); ok {
			if a, ok := evidence.Answer(r, e); ok {
				d.metrics.answers.WithLabelValues(string(a.On)).Observe(a.Took.Seconds())
			}
		}
		if g, ok := h.Grant(e.Grant); ok && evidence.Ends(g, e) {
			d.ended(ctx, g)
		}
	}
}

// lagTime bounds how long it is looked when the end of a grant began.
const lagTime = 2 * time.Second

// ended measures how long access outlived its end.
func (d deeds) ended(ctx context.Context, g access.Grant) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lagTime)
	defer cancel()
	err := d.store.View(ctx, func(tx store.Tx) error {
		lag, ok, err := evidence.RevokeLag(tx, g)
		if ok {
			d.metrics.lags.Observe(lag.Seconds())
		}
		return err
	})
	if err != nil {
		d.log.DebugContext(ctx, "how long an end took isn't measured", "grant", g.ID, "error", err)
	}
}

// Claimed implements engine.Observer.
func (d deeds) Claimed(queue string, n int) {
	d.metrics.claims.WithLabelValues(queue).Add(float64(n))
}

// Attempted implements engine.Observer.
func (d deeds) Attempted(t store.Task, how engine.Ended) {
	d.metrics.attempts.WithLabelValues(t.Kind, string(how)).Inc()
}
