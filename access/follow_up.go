package access

import (
	"cmp"
	"time"
)

// FollowUp is what waits for a person. They are told, told again a few times, and then
// IT hears of it, once and from then on every week. Every telling is a message of
// its own, since nobody notices that an old one has changed.
type FollowUp struct {
	Since time.Time // when it began; zero: nothing waits for anybody
	Told  int       // how often it was told of again
	Next  time.Time // when it is told of next
	Last  time.Time `json:",omitzero"`  // when it was told of again last; zero: not yet
	Of    int       `json:",omitempty"` // how often they are told again before others are, too; 0: three times
}

// stuckAgain is how often IT hears of removals that are stuck, all of them together.
const stuckAgain = 4 * time.Hour

// Open reports whether anything waits for anybody.
func (d FollowUp) Open() bool { return !d.Since.IsZero() }

// Escalates reports whether IT is told next, and not the person again.
func (d FollowUp) Escalates() bool { return d.Told >= cmp.Or(d.Of, mostTold) }

// due reports whether it is time to tell of it.
func (d FollowUp) due(at time.Time) bool { return d.Open() && !d.Next.IsZero() && !at.Before(d.Next) }

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
	case r.escalates():
		return EventEscalated
	}
	return EventAskedAgain
}
