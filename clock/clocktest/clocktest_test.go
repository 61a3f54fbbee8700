package clocktest_test

import (
	"testing"
	"time"

	"latchkey/clock"
	"latchkey/clock/clocktest"
)

var _ clock.Clock = (*clocktest.Clock)(nil)

func TestClockDeliversWhenItIsMoved(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := clocktest.New(start)
	soon, _ := c.Until(start.Add(time.Minute))
	later, _ := c.Until(start.Add(time.Hour))
	gone, stop := c.Until(start.Add(time.Minute))
	past, _ := c.Until(start)
	stop()
	for _, step := range []struct {
		move              time.Duration
		soon, later, past bool
		waiting           int
	}{{0, false, false, true, 2}, {-time.Hour, false, false, true, 2}, {90 * time.Minute, true, false, true, 1}, {time.Hour, true, true, true, 0}} {
		c.Advance(step.move)
		for what, got := range map[string][2]bool{"soon": {is(soon), step.soon}, "later": {is(later), step.later}, "past": {is(past), step.past}, "gone": {is(gone), false}} {
			if got[0] != got[1] {
				t.Errorf("at %s %s is %v", c.Now().Sub(start), what, got[0])
			}
		}
		if n := c.Waiting(); n != step.waiting {
			t.Errorf("at %s %d wait, want %d", c.Now().Sub(start), n, step.waiting)
		}
	}
}

func is(ready <-chan struct{}) bool {
	select {
	case <-ready:
		return true
	default:
		return false
	}
}
