package engine

import (
	"context"
	"time"
)

// timer carries out what is due, at start for all that came due while nobody
// ran, then by one wait for the earliest due time in the store.
type timer struct {
	units *Units
	dues  *dues
	bell  *bell
}

func (t *timer) keepTime(ctx context.Context) {
	for ctx.Err() == nil {
		next, err := t.dues.round(ctx)
		if err != nil && ctx.Err() == nil {
			t.units.log.Error("carry out what is due", "error", err)
			next = t.units.Now().Add(firstBackoff)
		}
		t.wait(ctx, next)
	}
}

func (t *timer) wait(ctx context.Context, next time.Time) {
	due, stop := t.units.clock.Until(next)
	defer stop()
	select {
	case <-due:
	case <-t.bell.c:
	case <-ctx.Done():
	}
}
