package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

func breakGlass(r *Request, e Event, at time.Time) ([]Effect, error) {
	if !r.BreakGlass || e.Actor.Person != r.Requester {
		return nil, refuse(NotAllowed, "This request has to be approved.")
	}
	if err := r.signInMissing(e); err != nil {
		return nil, err
	}
	r.State, r.Decided, r.FollowUp = RequestApproved, at, FollowUp{}
	return effects(EffectRecord, EffectStartGrant, EffectFindApprovers, EffectShowCards), nil
}

func reviewAsked(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := reviewable(*r); err != nil {
		return nil, err
	}
	if len(e.Approvers) == 0 {
		return nil, refuse(Invalid, "Nobody was found to ask.")
	}
	r.Review = reviewBy(*r, e.Approvers, e, at)
	return effects(EffectRecord, EffectShowCards), nil
}

// reviewBy is the review by people, by nobody if nobody was found. It begins with the
// first of them.
func reviewBy(r Request, who []PersonID, e Event, at time.Time) *Review {
	next := Review{}
	if r.Review == nil {
		next = next.round(e, at)
	} else {
		next = *r.Review
	}
	next.Asked = slices.Clone(who)
	return &next
}

// round is the review when people are asked, or told again, once more.
func (v Review) round(e Event, at time.Time) Review {
	v.Rounds++
	v.Next = e.noted(FollowUp{Next: e.Chase.review().round(at, v.Rounds)}).Next
	return v
}

// reviewable refuses whatever is about a review that is not open.
func reviewable(r Request) error {
	switch {
	case !r.BreakGlass || r.State != RequestApproved:
		return refuse(TooLate, r.State.undecidable())
	case r.Review != nil && r.Review.Answer != nil:
		return refuse(TooLate, "This was already answered.")
	}
	return nil
}

// reviewDue has the reviewers told again, and found again: who may answer can have changed.
func reviewDue(r *Request, e Event, at time.Time) ([]Effect, error) {
	if !r.UnderReview() || !e.happened() && at.Before(r.Review.Next) {
		return nil, refuse(Invalid, "The review isn't due.")
	}
	next := r.Review.round(e, at)
	r.Review = &next
	r.Chased = r.Chased.again(r.Remindable())
	return effects(EffectRemind, EffectFindApprovers), nil
}

// Escalates reports whether those who were skipped were asked often enough, so that
// IT is told next.
func (v Review) Escalates() bool { return v.Rounds > mostTold }

// reviewEscalated tells IT that nobody answers, and again every week. Who may answer
// can have changed, so they are found again, too.
func reviewEscalated(r *Request, e Event, at time.Time) ([]Effect, error) {
	if !r.UnderReview() || !e.happened() && (at.Before(r.Review.Next) || !r.Review.Escalates()) {
		return nil, refuse(Invalid, "The review isn't due.")
	}
	next := *r.Review
	next.Next = e.noted(FollowUp{Next: e.Chase.next(at.Add(catalog.Week))}).Next
	r.Review = &next
	return effects(EffectRecord, EffectFindApprovers, EffectShowCards), nil
}

// unreviewable notes that nobody can be asked. IT is told, and it is tried again.
func unreviewable(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := reviewable(*r); err != nil {
		return nil, err
	}
	r.Review = reviewBy(*r, nil, e, at)
	return effects(EffectRecord, EffectShowCards), nil
}

// MayReview tells whether by may say if an emergency was one, when eligible are
// those who would have decided at this moment.
func (r Request) MayReview(by PersonID, eligible []PersonID) error {
	if err := reviewable(r); err != nil {
		return err
	}
	switch {
	case by == "":
		return refuse(NotAllowed, "I can't tell who you are, so your answer can't count.")
	case by == r.Requester, by == r.Beneficiary:
		return refuse(NotAllowed, "Nobody judges their own emergency. Those who were skipped have been asked.")
	case !slices.Contains(eligible, by):
		return refuse(NotAllowed, "This isn't yours to judge. Those who were skipped have been asked.")
	}
	return nil
}

func judged(right bool) func(*Request, Event, time.Time) ([]Effect, error) {
	return func(r *Request, e Event, at time.Time) ([]Effect, error) {
		if err := r.MayReview(e.Actor.Person, e.Approvers); err != nil {
			return nil, err
		}
		if !right && e.Reason == "" {
			return nil, Refuse(Invalid, "reason", "Please say what was wrong about it.")
		}
		var next Review
		if r.Review != nil {
			next = *r.Review
		}
		next.Answer, next.Next = &Answer{By: e.Actor, Yes: right, Reason: e.Reason, At: at}, time.Time{}
		r.Review, r.Waiting = &next, withoutKept(*r, e.Actor.Person)
		if right {
			return effects(EffectRecord, EffectShowCards), nil
		}
		return effects(EffectRecord, EffectEndGrant, EffectShowCards), nil
	}
}
