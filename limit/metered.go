package limit

import "time"

const (
	// probeTimeout is how long everybody waits for the call that asks for the budget.
	probeTimeout = 5 * time.Second
	// One call in so many is kept for what is urgent, so that access can be taken away at any moment of a
	// window that other calls would use up at once.
	keptShare, keptMost = 50, 20
	// keptUntil is how long before the window's end what was kept is given to all: nothing is lost by it.
	keptUntil = 3 * time.Second
)

// metered is a quota that only the vendor's answers tell. In a fresh window one call goes ahead and asks for
// the budget; while it lasts, calls go at full speed; when it is used up, all wait once for the window's end.
// A small part of it is kept for what is urgent until the window is nearly over.
type metered struct {
	known   bool      // an answer of the present window has told the budget, or that there is none
	counted bool      // the vendor tells budgets; if not, only refusals count
	low     int       // the least that any answer of this window said is left
	window  int64     // the present window's name; they grow
	opens   time.Time // when the next one opens, never too early; zero if nothing is waited for
	kept    int       // calls of this window that are kept for what is urgent
	told    time.Time // when any of this was learnt

	flight int   // calls under way
	probe  *call // the one that asks for the budget
	probed time.Time
}

func (b *metered) ask(now time.Time, p Priority, _ int) (verdict, time.Time) {
	b.expire(now)
	if !b.known {
		if b.probe != nil && now.Sub(b.probed) < probeTimeout {
			return busy, b.probed.Add(probeTimeout)
		}
		return open, time.Time{} // it asks for the budget
	}
	if !b.counted && b.opens.IsZero() {
		return open, time.Time{}
	}
	kept, at := 0, b.opens
	if p < Urgent && now.Before(b.opens.Add(-keptUntil)) {
		if kept = b.kept; kept > 0 && b.low > 0 {
			at = b.opens.Add(-keptUntil)
		}
	}
	switch {
	case b.low <= kept:
		return closed, at
	// The vendor may or may not have counted the calls under way when it said low. Taking them off for
	// this decision only, not from low itself, is safe and loses nothing: as they return, room appears.
	case b.low <= b.flight+kept:
		return busy, at
	}
	return open, time.Time{}
}

// expire forgets a window that is over, and what lies in the future because the clock was set back.
func (b *metered) expire(now time.Time) {
	if !b.opens.IsZero() && !now.Before(b.opens) || b.told.After(now) {
		b.known = false
	}
	if b.probed.After(now) {
		b.probed = now
	}
}

func (b *metered) take(now time.Time, c *call) {
	b.flight++
	if !b.known {
		b.probe, b.probed = c, now
	}
}

func (b *metered) done(now time.Time, c *call, l *Feedback) {
	b.flight--
	asked := b.probe == c
	if asked {
		b.probe = nil
	}
	switch {
	case l == nil:
		return
	case l.Rest > 0:
		b.rest(now, l)
	case l.Budget != nil:
		b.learn(now, *l.Budget, asked)
	case !b.known:
		b.known, b.counted, b.opens = true, false, time.Time{}
	}
	b.told = now
}

// learn takes in a budget. Answers of one window may overtake each other, so the least one counts; only a
// new window, or the answer to a probe, raises it.
func (b *metered) learn(now time.Time, said Budget, asked bool) {
	opens := now.Add(said.Ends)
	switch {
	case said.Window > b.window || asked && said.Window == b.window && !b.known:
		b.known, b.counted = true, true
		b.low, b.window, b.opens = said.Left, said.Window, opens
		b.kept = min(said.Left/keptShare, keptMost)
	case said.Window == b.window:
		b.low = min(b.low, said.Left)
		if opens.Before(b.opens) {
			b.opens = opens
		}
	}
}

// rest takes in that the vendor wants nothing for a while. What is known already of the same window's end
// is better than what a refusal says of it.
func (b *metered) rest(now time.Time, l *Feedback) {
	opens, window := now.Add(l.Rest), int64(0)
	if l.Budget != nil {
		window = l.Budget.Window
	}
	if b.known && b.low <= 0 && window == b.window && b.opens.After(now) && b.opens.Before(opens) {
		opens = b.opens
	}
	b.known, b.low, b.opens = true, 0, opens
	b.window = max(b.window, window)
}

// promise is the window's end for all: then one of them asks how many may go.
func (b *metered) promise(at time.Time) time.Time { return at }

func (b *metered) idle(now time.Time) bool {
	b.expire(now)
	return b.flight == 0 && (!b.known || !b.counted && b.opens.IsZero())
}
