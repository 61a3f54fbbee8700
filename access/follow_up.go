package access

import (
	"time"

	"latchkey/catalog"
)

// FollowUp is what waits for a person. They are told, told again a few times, and then
// IT hears of it, once and from then on every week. Every telling is a message of
// its own, since nobody notices that an old one has changed.
type FollowUp struct {
	Since time.Time // when it began; zero: nothing waits for anybody
	Told  int       // how often it was told of again
	Next  time.Time // when it is told of next
}

// pace is when what waits is told of again, each time counted from its beginning. What
// can wait for days waits for the weekend to be over (in UTC), too: a reminder that nobody
// reads is one less of the few there are.
type pace struct {
	again    [mostTold]time.Duration
	escalate time.Duration
	hours    bool // it can't wait for a weekend
}

// mostTold is how often a person is told again of one thing that waits for them.
const mostTold = 3

// stuckAgain is how often IT hears of removals that are stuck, all of them together.
const stuckAgain = 4 * time.Hour

func normalPace() pace {
	return pace{again: [mostTold]time.Duration{4 * time.Hour, catalog.Day, 3 * catalog.Day}, escalate: 4 * catalog.Day}
}

// answerPace is the pace of an answer to a request: what is needed for hours can't
// wait for days.
func answerPace(wanted time.Duration) pace {
	if wanted == catalog.Forever || wanted > catalog.Day {
		return normalPace()
	}
	return pace{again: [mostTold]time.Duration{30 * time.Minute, 2 * time.Hour, 4 * time.Hour}, escalate: 8 * time.Hour, hours: true}
}

// manualPace is the pace of a change by hand.
func manualPace() pace {
	return pace{again: [mostTold]time.Duration{2 * time.Hour, catalog.Day, 2 * catalog.Day}, escalate: 3 * catalog.Day}
}

// begin is what waits from now on: whoever it waits for is being told.
func (p pace) begin(at time.Time) FollowUp {
	return FollowUp{Since: at, Next: p.moment(at.Add(p.again[0]))}
}

// moment is when something is told that would be at some moment.
func (p pace) moment(at time.Time) time.Time {
	if p.hours {
		return at
	}
	return nextWorkday(at)
}

// nextWorkday moves a moment of a weekend to the Monday after.
func nextWorkday(t time.Time) time.Time {
	switch t.UTC().Weekday() {
	case time.Saturday:
		return t.Add(2 * catalog.Day)
	case time.Sunday:
		return t.Add(catalog.Day)
	}
	return t
}

// Open reports whether anything waits for anybody.
func (d FollowUp) Open() bool { return !d.Since.IsZero() }

// Escalates reports whether IT is told next, and not the person again.
func (d FollowUp) Escalates() bool { return d.Told >= mostTold }

// due reports whether it is time to tell of it.
func (d FollowUp) due(at time.Time) bool { return d.Open() && !d.Next.IsZero() && !at.Before(d.Next) }

// told counts one telling more. What came due meanwhile goes out with it: the next
// one comes as long after it as it would have otherwise.
func (p pace) told(d FollowUp, at time.Time) FollowUp {
	d.Told++
	d.Next = p.moment(later(d.Since.Add(p.after(d.Told)), at.Add(p.after(d.Told)-p.after(d.Told-1))))
	return d
}

// after is when what was told of n times is told of next, from its beginning.
func (p pace) after(n int) time.Duration {
	switch {
	case n < mostTold:
		return p.again[n]
	case n == mostTold:
		return p.escalate
	}
	return p.escalate + time.Duration(n-mostTold)*catalog.Week
}

// earliest is the first of the moments there are; zero if there is none.
func earliest(all ...time.Time) (first time.Time) {
	for _, t := range all {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// NextTold is how the next telling that is due of a grant goes into the record.
func (g Grant) NextTold() EventKind {
	switch endless := g.State == GrantStuck && g.Revoking || g.Disputed; {
	case !g.FollowUp.Open():
		return EventReminded
	case g.FollowUp.Escalates() && !endless:
		return EventGrantEscalated
	}
	return EventFollowedUp
}

// NextTold is what is due of a request that waits: that it lapses, or that it is
// told of again.
func (r Request) NextTold(at time.Time) EventKind {
	switch {
	case r.UnderReview() && r.Review.Escalates():
		return EventEscalated
	case r.UnderReview():
		return EventReviewDue
	case !r.Lapses.IsZero() && !at.Before(r.Lapses) && !r.Answered():
		return EventLapsed
	case r.FollowUp.Escalates():
		return EventEscalated
	}
	return EventAskedAgain
}
