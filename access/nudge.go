package access

import (
	"fmt"
	"time"
)

// Nudges are those of a request: whoever waits has those told again who are waited for.
type Nudges struct {
	Times int
	Last  time.Time
}

const (
	mostNudges = 3
	nudgeFirst = time.Hour     // after they were asked
	nudgeAgain = 4 * time.Hour // after the one before
	nudgeApart = 2 * time.Hour // after they were told anyway
)

// NudgeFrom is when those who are waited for may be nudged next.
func (r Request) NudgeFrom() time.Time {
	at := r.FollowUp.Since.Add(nudgeFirst)
	if !r.Nudged.Last.IsZero() {
		at = later(at, r.Nudged.Last.Add(nudgeAgain))
	}
	if !r.FollowUp.Last.IsZero() {
		at = later(at, r.FollowUp.Last.Add(nudgeApart))
	}
	return at
}

// Nudgeable tells whether there is, or will be, somebody to nudge.
func (r Request) Nudgeable() bool {
	return r.State == RequestPending && !r.Questioned && !r.Answered() && r.Nudged.Times < mostNudges && len(r.Awaited()) > 0 && len(r.Remindable()) > 0
}

// MayNudge tells whether somebody may have those told again who are waited for.
func (r Request) MayNudge(by PersonID, at time.Time) error {
	switch {
	case r.State != RequestPending:
		return refuse(TooLate, r.undecidable())
	case by == "" || by != r.Requester && by != r.Beneficiary:
		return refuse(NotAllowed, "Only those whose request it is can nudge whoever decides.")
	case r.Questioned:
		return refuse(TooLate, "You were asked something, and whoever asked waits for your answer.")
	case r.Answered():
		return refuse(TooLate, "Somebody has answered, and it is being found out whether that counts. There is nobody to nudge.")
	case len(r.Awaited()) == 0:
		return refuse(TooLate, "Nobody is asked at this moment, so there is nobody to nudge.")
	case !r.Nudgeable():
		return refuse(TooLate, "They were told of it as often as anybody is. If nobody answers, others are asked as well, and you read it here.")
	case at.Before(r.NudgeFrom()):
		return refuse(TooLate, fmt.Sprintf("They were asked or told not long ago. You can nudge them from %s on.", r.NudgeFrom().Add(time.Minute-1).UTC().Truncate(time.Minute).Format("15:04 UTC on 2 January 2006")))
	}
	return nil
}

// nudged has those told again who are waited for, in the place of the next time that
// they would have been.
func nudged(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MayNudge(e.Actor.Person, at); err != nil {
		return nil, err
	}
	if r.chase(); r.FollowUp.Escalates() {
		r.FollowUp.Last = at
	} else {
		r.FollowUp = e.Chase.answer(r.Wanted).told(r.FollowUp, at)
	}
	r.Nudged = Nudges{Times: r.Nudged.Times + 1, Last: at}
	return effects(EffectRemind, EffectShowCards), nil
}
