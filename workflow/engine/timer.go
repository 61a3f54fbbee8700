package engine

import (
	"context"
	"sync"
	"time"
)

// timer carries out what is due, at start for all that came due while nobody
// ran, then by one wait for the earliest due time in the store.
type timer struct {
	units  *Units
	dues   *dues
	wakeup *wakeup

	mu    sync.Mutex
	until time.Time // when it wakes at the latest; zero while it is at work
}

func newTimer(units *Units, d *dues) *timer {
	return &timer{units: units, dues: d, wakeup: units.signals.wakeup(timerTopic)}
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
	t.sleeps(next)
	defer t.sleeps(time.Time{})
	select {
	case <-due:
	case <-t.wakeup.c:
	case <-ctx.Done():
	}
}

func (t *timer) sleeps(until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.until = until
}

// sleepsPast tells whether the timer sleeps past a moment, longer than it does after a
// failure, and nobody has woken it: it doesn't know that something was due then.
func (t *timer) sleepsPast(at, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.until.After(at) && t.until.Sub(now) > firstBackoff && len(t.wakeup.c) == 0
}
