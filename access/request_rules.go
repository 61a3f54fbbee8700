package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// RequestRule is one line of the request's state table.
type RequestRule struct {
	From RequestState
	On   EventKind
	To   []RequestState
	do   func(*Request, Event, time.Time) ([]Effect, error)
}

// RequestRules is the whole table. What is not in it is refused.
func RequestRules() []RequestRule {
	final := []RequestState{ApprovedR, DeniedR, Withdrawn, Expired}
	rules := []RequestRule{
		{Pending, Asked, []RequestState{Pending}, asked},
		{Pending, Unroutable, []RequestState{Pending}, unroutable},
		{Pending, Agreed, []RequestState{Pending, ApprovedR}, agreed},
		{Pending, Refused, []RequestState{DeniedR}, denied},
		{Pending, Cancelled, []RequestState{Withdrawn}, closing(Withdrawn)},
		{Pending, Lapsed, []RequestState{Expired}, closing(Expired)},
		{Pending, IssueOpened, []RequestState{Pending}, issueOpened},
		{Pending, Claimed, []RequestState{Pending}, claimed},
		{Pending, Questioned, []RequestState{Pending}, questioned},
		{Pending, Replied, []RequestState{Pending}, replied},
		{Pending, GlassBroken, []RequestState{ApprovedR}, glassBroken},

		{ApprovedR, ReviewAsked, []RequestState{ApprovedR}, reviewAsked},
		{ApprovedR, ReviewDue, []RequestState{ApprovedR}, reviewDue},
		{ApprovedR, Unroutable, []RequestState{ApprovedR}, unreviewable},
		{ApprovedR, Justified, []RequestState{ApprovedR}, judged(true)},
		{ApprovedR, Unjustified, []RequestState{ApprovedR}, judged(false)},
	}
	for _, s := range final {
		rules = append(rules,
			RequestRule{s, IssueOpened, []RequestState{s}, issueOpened},
			RequestRule{s, Replied, []RequestState{s}, replied})
	}
	return rules
}

func requestRuleFor(s RequestState, k EventKind) (RequestRule, bool) {
	for _, rule := range RequestRules() {
		if rule.From == s && rule.On == k {
			return rule, true
		}
	}
	return RequestRule{}, false
}

func asked(r *Request, e Event, at time.Time) ([]Effect, error) {
	if e.Stage != r.Stage || r.Stage >= len(r.Stages) {
		return nil, refuse(TooLate, "That stage is already answered.")
	}
	if len(e.Approvers) == 0 {
		return nil, refuse(Invalid, "Nobody was found to ask.")
	}
	r.Stages[r.Stage].Asked, r.Stages[r.Stage].AskedAt = slices.Clone(e.Approvers), at
	return effects(Record, ShowCards), nil
}

func unroutable(*Request, Event, time.Time) ([]Effect, error) {
	return effects(Record, ShowCards), nil
}

// agreed takes one yes. Eligibility is judged here again, on the approvers the
// event carries, so that no door can forget to ask.
func agreed(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MayDecide(e.Actor.Person, e.Approvers); err != nil {
		return nil, err
	}
	if err := r.shorten(e.Wanted); err != nil {
		return nil, err
	}
	stage := &r.Stages[r.Stage]
	stage.Answers = append(stage.Answers, Answer{By: e.Actor, Yes: true, Reason: e.Reason, At: at})
	if !stage.satisfied(e.Approvers) {
		return effects(Record, ShowCards), nil
	}
	if r.Stage++; r.Stage < len(r.Stages) {
		return effects(Record, FindApprovers, ShowCards), nil
	}
	r.Stage, r.State, r.Decided = len(r.Stages)-1, ApprovedR, at
	if r.Wish != "" { // nothing that can be granted: IT goes on in the issue
		return effects(Record, ShowCards), nil
	}
	return effects(Record, StartGrant, ShowCards), nil
}

// shorten lets an approver allow less time than was asked for.
func (r *Request) shorten(to time.Duration) error {
	if to == 0 {
		return nil
	}
	if to < 0 || r.Allowed != catalog.Forever && to > r.Allowed {
		return Refuse(Invalid, "duration", "An approval can shorten the time, not lengthen it.")
	}
	r.Allowed = to
	return nil
}

// satisfied tells whether the stage has the answers it needs. Where everyone has
// to agree, that is everyone who is eligible now.
func (s Stage) satisfied(eligible []PersonID) bool {
	if s.Need != catalog.Everyone {
		return len(s.Answers) > 0
	}
	for _, e := range eligible {
		if !slices.ContainsFunc(s.Answers, func(a Answer) bool { return a.Yes && a.By.Person == e }) {
			return false
		}
	}
	return true
}

func denied(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MayDecide(e.Actor.Person, e.Approvers); err != nil {
		return nil, err
	}
	if e.Reason == "" {
		return nil, Refuse(Invalid, "reason", "Please say why, so that the requester knows what to do next.")
	}
	stage := &r.Stages[r.Stage]
	stage.Answers = append(stage.Answers, Answer{By: e.Actor, Reason: e.Reason, At: at})
	r.State, r.Decided = DeniedR, at
	return effects(Record, ShowCards), nil
}

func closing(to RequestState) func(*Request, Event, time.Time) ([]Effect, error) {
	return func(r *Request, e Event, at time.Time) ([]Effect, error) {
		if to == Withdrawn && e.Actor.Via != ViaSystem && e.Actor.Person != r.Requester && e.Actor.Person != r.Beneficiary {
			return nil, refuse(NotAllowed, "Only the person who asked can withdraw a request.")
		}
		if to == Expired && (r.Lapses.IsZero() || at.Before(r.Lapses)) {
			return nil, refuse(Invalid, "The time to answer isn't up.")
		}
		r.State, r.Decided = to, at
		return effects(Record, ShowCards), nil
	}
}

// issueOpened takes note of the issue. An approved request's grant has been
// waiting for exactly that.
func issueOpened(r *Request, e Event, _ time.Time) ([]Effect, error) {
	if e.Issue == nil || e.Issue.Key == "" {
		return nil, refuse(Invalid, "The issue has no key.")
	}
	if r.Issue.Key != "" {
		return nil, refuse(Duplicate, "The issue is already known.")
	}
	r.Issue = *e.Issue
	if r.State == ApprovedR && r.Wish == "" {
		return effects(Release, ShowCards), nil
	}
	return effects(ShowCards), nil
}
