package access

import (
	"slices"
	"time"
)

// WaitsFor are the people who have to act for a request to go on: who was asked something,
// who is to answer, or who is to judge an emergency; nobody where that is IT.
func (r Request) WaitsFor() []PersonID {
	switch {
	case r.UnderReview():
		return r.Review.Asked
	case r.State == RequestPending && r.Questioned && r.Requester == r.Beneficiary:
		return []PersonID{r.Requester}
	case r.State == RequestPending && r.Questioned:
		return []PersonID{r.Requester, r.Beneficiary}
	}
	return withoutAbsent(r, r.Awaited())
}

// Remindable are those for whom it waits and who weren't told again as often as anybody
// is. One request tells nobody more than three times, whatever happens to it.
func (r Request) Remindable() []PersonID {
	return slices.DeleteFunc(slices.Clone(r.WaitsFor()), func(who PersonID) bool { return r.Chased.times(who) >= mostTold })
}

// escalates tells whether others are told next, because those who are waited for were
// told as often as they are.
func escalates(r Request) bool {
	return r.FollowUp.Escalates() || len(r.WaitsFor()) > 0 && len(r.Remindable()) == 0
}

// takesOthers tells whether others can answer as well, where those don't who were asked:
// not in the place of each of them, nor while somebody else has to answer a question.
func takesOthers(r Request) bool {
	if r.Questioned || r.Stage >= len(r.Stages) {
		return false
	}
	stage := r.Stages[r.Stage]
	return len(stage.Asked) > 0 && !stage.Need.All && stage.Escalated < mostEscalated
}

// PassesOn tells whether others are to be asked before anybody is told again, should all who
// were asked be on leave: nobody was asked as well so far, and nobody has answered.
func (r Request) PassesOn() bool {
	return r.State == RequestPending && !r.Answered() && takesOthers(r) && r.Stages[r.Stage].Escalated == 0 && !r.FollowUp.Escalates()
}

// Waits is what waits for somebody in a request.
func Waits(r Request) FollowUp {
	if r.UnderReview() {
		return FollowUp{Next: r.Review.Next}
	}
	return r.FollowUp
}

// Noting is the event with what waits for somebody since it has happened.
func (e Event) Noting(waits FollowUp) Event {
	if e.Chase != nil && waits != (FollowUp{}) {
		e.Wait = waits.utc()
	}
	return e
}

// noted is what waits by what an event says of it, where it has happened already, or else
// as it follows now.
func (e Event) noted(now FollowUp) FollowUp {
	if e.Wait != nil {
		return *e.Wait
	}
	return now
}

// happened tells that an event is one of a story that is told again: when it was due is
// no question any more.
func (e Event) happened() bool { return e.N > 0 }

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
		return refuse(TooLate, r.State.undecidable())
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
		from := r.NudgeFrom().Add(time.Minute - 1).Truncate(time.Minute)
		return refuse(TooLate, "They were asked or told not long ago. You can nudge them from "+FullMoment(from)+" on.")
	}
	return nil
}

// nudged has those told again who are waited for, in the place of the next time that
// they would have been.
func nudged(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MayNudge(e.Actor.Person, at); err != nil {
		return nil, err
	}
	r.Chased = r.Chased.again(r.Remindable())
	if r.FollowUp.Escalates() {
		r.FollowUp.Last = at
	} else {
		r.FollowUp = e.noted(e.Chase.answer(r.Wanted).told(r.FollowUp, at))
	}
	r.Nudged = Nudges{Times: r.Nudged.Times + 1, Last: at}
	return effects(EffectRemind, EffectShowCards), nil
}
