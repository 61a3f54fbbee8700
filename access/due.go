package access

import "time"

// NextTold is how the next telling that is due of a grant goes into the record.
func (g Grant) NextTold() EventKind {
	switch endless := g.State == GrantStuck && g.Revoking || g.Disputed; {
	case g.Planned():
		return EventStartDue
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
	case escalates(r):
		return EventEscalated
	}
	return EventAskedAgain
}
