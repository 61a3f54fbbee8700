package idp

import "time"

// bucket is what the Gate knows of one of the vendor's limits.
type bucket struct {
	known   bool      // an answer of the present window has told the budget, or that there is none
	metered bool      // the vendor tells budgets; if not, only refusals count
	low     int       // the least that any answer of this window said is left
	reset   int64     // the present window's end in the vendor's words, which is also its name
	opens   time.Time // the same by our clock, never too early; zero if nothing is waited for
	kept    int       // calls of this window that are kept for removals until it is nearly over

	flight  int // calls under way
	waiting int // calls that want to go
	probing bool
	probed  time.Time

	alarm time.Time // when the timer will fire, zero if none is set
	stop  func() bool
}

const (
	// One call in so many is kept for removals, so that access can be taken away at any moment of a
	// window that additions would use up at once.
	keptShare, keptMost = 50, 20
	// keptUntil is how long before the window's end what was kept is given to all: nothing is lost by it.
	keptUntil = 3 * time.Second
)

// verdict says what a call that wants to go now must do.
type verdict int

const (
	open    verdict = iota // go
	unknown                // go first and ask for the budget
	busy                   // wait for an answer that is under way
	closed                 // wait for the window's end
)

func (b *bucket) verdict(now time.Time, p Priority) verdict {
	if b.known && !b.opens.IsZero() && !now.Before(b.opens) {
		b.known = false
	}
	switch {
	case !b.known && b.probing && now.Sub(b.probed) < probePatience:
		return busy
	case !b.known:
		return unknown
	case !b.metered && b.opens.IsZero():
		return open
	case b.low <= 0:
		return closed
	// The vendor may or may not have counted the calls under way when it said low. Taking them off for
	// this decision only, not from low itself, is safe and loses nothing: as they return, room appears.
	case b.low <= b.flight:
		return busy
	}
	if kept := b.keeps(now); kept > 0 && p < Removal {
		switch {
		case b.low <= kept:
			return closed
		case b.low <= b.flight+kept:
			return busy
		}
	}
	return open
}

// keeps is how many calls are kept for removals now.
func (b *bucket) keeps(now time.Time) int {
	if !b.metered || b.opens.IsZero() || !now.Before(b.opens.Add(-keptUntil)) {
		return 0
	}
	return b.kept
}

// told takes in a budget. Answers of one window may overtake each other, so the least one counts; only a
// new window, or the answer to a probe, raises it.
func (b *bucket) told(remaining int, reset int64, opens time.Time, probe bool) {
	switch {
	case reset > b.reset || probe && reset == b.reset && !b.known:
		b.known, b.metered = true, true
		b.low, b.reset, b.opens = remaining, reset, opens
		b.kept = min(remaining/keptShare, keptMost)
	case reset == b.reset:
		b.low = min(b.low, remaining)
		if opens.Before(b.opens) {
			b.opens = opens
		}
	}
}

// untold takes in an answer without a budget.
func (b *bucket) untold() {
	if !b.known {
		b.known, b.metered, b.opens = true, false, time.Time{}
	}
}

// refused takes in that the vendor wants nothing before wait has passed.
func (b *bucket) refused(now time.Time, reset int64, wait time.Duration) {
	opens := now.Add(wait)
	if b.known && b.low <= 0 && !b.opens.IsZero() && b.opens.Before(opens) && b.opens.After(now) && reset == b.reset {
		opens = b.opens
	}
	b.known, b.low, b.opens = true, 0, opens
	b.reset = max(b.reset, reset)
}

// wake is when time alone may change the verdict, zero if it can not.
func (b *bucket) wake(now time.Time) time.Time {
	if !b.known {
		if b.probing {
			return b.probed.Add(probePatience)
		}
		return time.Time{}
	}
	if b.low > 0 && b.keeps(now) > 0 {
		return b.opens.Add(-keptUntil)
	}
	return b.opens
}
