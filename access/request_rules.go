package access

import (
	"fmt"
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
	rules := append(pendingRules(), approvedRules()...)
	for _, s := range []RequestState{RequestApproved, RequestDenied, RequestCancelled, RequestLapsed} {
		rules = append(rules, finalRules(s)...)
	}
	return rules
}

func pendingRules() []RequestRule {
	stays := []RequestState{RequestPending}
	return []RequestRule{
		{RequestPending, EventApproversAsked, stays, asked},
		{RequestPending, EventUnroutable, stays, unroutable},
		{RequestPending, EventApproved, []RequestState{RequestPending, RequestApproved}, approved},
		{RequestPending, EventDenied, []RequestState{RequestDenied}, denied},
		{RequestPending, EventCancelled, []RequestState{RequestCancelled}, closing(RequestCancelled)},
		{RequestPending, EventLapsed, []RequestState{RequestLapsed}, closing(RequestLapsed)},
		{RequestPending, EventIssueOpened, stays, issueOpened},
		{RequestPending, EventClaimed, stays, claimed},
		{RequestPending, EventQuestioned, stays, questioned},
		{RequestPending, EventReplied, stays, replied},
		{RequestPending, EventAnswerKept, stays, keep},
		{RequestPending, EventAnswerDropped, stays, drop},
		{RequestPending, EventAskedAgain, stays, answerAwaited(false)},
		{RequestPending, EventNudged, stays, nudged},
		{RequestPending, EventReassigned, stays, reassigned},
		{RequestPending, EventEscalated, stays, answerAwaited(true)},
		{RequestPending, EventBreakGlass, []RequestState{RequestApproved}, breakGlass},
	}
}

func approvedRules() []RequestRule {
	stays := []RequestState{RequestApproved}
	return []RequestRule{
		{RequestApproved, EventReviewAsked, stays, reviewAsked},
		{RequestApproved, EventReviewDue, stays, reviewDue},
		{RequestApproved, EventEscalated, stays, reviewEscalated},
		{RequestApproved, EventUnroutable, stays, unreviewable},
		{RequestApproved, EventJustified, stays, judged(true)},
		{RequestApproved, EventUnjustified, stays, judged(false)},
		{RequestApproved, EventAnswerKept, stays, keep},
	}
}

// finalRules are those of a request that is decided, whichever way.
func finalRules(s RequestState) []RequestRule {
	stays := []RequestState{s}
	return []RequestRule{
		{s, EventAnswerDropped, stays, drop},
		{s, EventIssueOpened, stays, issueOpened},
		{s, EventReplied, stays, replied},
	}
}

// rulesFrom are the lines for one state.
func rulesFrom(s RequestState) []RequestRule {
	switch s {
	case RequestPending:
		return pendingRules()
	case RequestApproved:
		return append(approvedRules(), finalRules(s)...)
	case RequestDenied, RequestCancelled, RequestLapsed:
		return finalRules(s)
	}
	return nil
}

// LookEvery is how often it is looked again who may decide a request that waits.
const LookEvery = time.Hour

func requestRuleFor(s RequestState, k EventKind) (RequestRule, bool) {
	for _, rule := range rulesFrom(s) {
		if rule.On == k {
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
	stage := &r.Stages[r.Stage]
	if len(stage.Asked) == 0 || !r.FollowUp.Open() {
		await(r, e, at)
	}
	stage.Asked, stage.AskedAt, stage.Unfound, stage.Why = slices.Clone(e.Approvers), at, slices.Clone(e.Unfound), e.Note
	stage.Also, stage.Standby, stage.Unread = slices.Clone(e.Also), slices.Clone(e.Standby), slices.Clone(e.Unread)
	stage.Delegates = slices.Clone(e.Delegates)
	if !slices.Contains(e.Approvers, stage.Claim.By) {
		stage.Claim = Claim{}
	}
	r.Look, r.Lacks = at.Add(LookEvery), slices.Clone(e.Lacks)
	return effects(EffectRecord, EffectShowCards), nil
}

// unroutable notes that the stage can't be completed by anybody who may answer
// now: those who were asked before are not waited for.
func unroutable(r *Request, e Event, at time.Time) ([]Effect, error) {
	if r.Stage < len(r.Stages) {
		stage := &r.Stages[r.Stage]
		if len(stage.Asked) > 0 || !r.FollowUp.Open() {
			r.FollowUp, r.Questioned = e.noted(e.Chase.trouble().begin(at)), false
		}
		stage.Asked, stage.Standby, stage.Delegates, stage.Unfound, stage.Unread, stage.Why = nil, nil, nil, slices.Clone(e.Unfound), slices.Clone(e.Unread), e.Note
	}
	r.Look, r.Lacks = at.Add(LookEvery), slices.Clone(e.Lacks)
	return effects(EffectRecord, EffectShowCards), nil
}

// await begins to wait for an answer.
func await(r *Request, e Event, at time.Time) {
	r.FollowUp, r.Questioned = e.noted(e.Chase.answer(r.Wanted).begin(at)), false
}

// answerAwaited notes that those who are waited for are told again, or that IT is.
func answerAwaited(escalated bool) func(*Request, Event, time.Time) ([]Effect, error) {
	return func(r *Request, e Event, at time.Time) ([]Effect, error) {
		if escalated && r.PassesOn() && e.Chase.absent(at) { // they went on leave after they were asked
			r.FollowUp = r.FollowUp.skipped(at)
		}
		if !e.happened() && (!r.FollowUp.due(at) || escalated != escalates(*r)) {
			return nil, refuse(Invalid, "Nobody has to be told of this again now.")
		}
		p := e.Chase.answer(r.Wanted)
		if r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Asked) == 0 {
			p = e.Chase.trouble()
		}
		r.FollowUp = e.noted(p.told(r.FollowUp, at))
		switch {
		case escalated && takesOthers(*r):
			r.Stages[r.Stage].Escalated++
			return effects(EffectRecord, EffectFindApprovers, EffectShowCards), nil
		case escalated:
			return effects(EffectRecord, EffectShowCards), nil
		}
		r.Chased = r.Chased.again(r.Remindable())
		return effects(EffectRemind, EffectShowCards), nil
	}
}

// approved takes one yes. Eligibility is judged here again, on the approvers the
// event carries, so that no door can forget to ask.
func approved(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := mayAnswer(*r, e); err != nil {
		return nil, err
	}
	if err := shorten(r, e.Wanted); err != nil {
		return nil, err
	}
	if err := r.signInMissing(e); err != nil {
		return nil, err
	}
	stage := &r.Stages[r.Stage]
	stage.Answers = append(stage.Answers, Answer{By: e.Actor, Yes: true, Reason: e.Reason, At: at, Reused: e.Reused, For: e.For, SignedIn: e.SignedIn.bare()})
	r.Waiting = withoutKept(*r, e.Actor.Person)
	if !stage.satisfied(Principals(e.Approvers, e.Delegates), len(e.Unfound)+len(e.Unread)) {
		return effects(EffectRecord, EffectShowCards), nil
	}
	r.FollowUp, r.Questioned = FollowUp{}, false
	if r.Stage++; r.Stage < len(r.Stages) {
		return effects(EffectRecord, EffectFindApprovers, EffectShowCards), nil
	}
	r.Stage, r.State, r.Decided, r.Look = len(r.Stages)-1, RequestApproved, at, time.Time{}
	if r.Unlisted != "" { // nothing that can be granted: IT goes on in the issue
		return effects(EffectRecord, EffectShowCards), nil
	}
	return effects(EffectRecord, EffectStartGrant, EffectShowCards), nil
}

// shorten lets an approver allow less time than was asked for.
func shorten(r *Request, to time.Duration) error {
	if to == 0 {
		return nil
	}
	if to < 0 || r.Allowed != catalog.Forever && to > r.Allowed {
		return Refuse(Invalid, "duration", "An approval can shorten the time, not lengthen it.")
	}
	r.Allowed = to
	return nil
}

// satisfied tells whether the stage has the answers it needs. Where all have to
// agree, that is everyone who is eligible now, and nobody may be missing whom the
// sources name besides; otherwise so many different people,
// who all were eligible when they answered.
func (s Stage) satisfied(eligible []PersonID, missing int) bool {
	agreed := s.agreed()
	if !s.Need.All {
		return len(agreed) >= s.Need.Count()
	}
	return missing == 0 && !slices.ContainsFunc(eligible, func(who PersonID) bool { return !slices.Contains(agreed, who) })
}

// agreed are those who said yes, each once; whoever had it said for them, in the place of
// who said it.
func (s Stage) agreed() []PersonID {
	var out []PersonID
	for _, a := range s.Answers {
		if who := a.Of(); a.Yes && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

// Missing is how many of the people a stage needs are neither among those found
// nor have agreed; more than none means that it can't be completed.
func (s Stage) Missing(found []PersonID) int {
	able := s.agreed()
	for _, who := range found {
		if !slices.Contains(able, who) {
			able = append(able, who)
		}
	}
	return max(0, s.Need.Count()-len(able))
}

func denied(r *Request, e Event, at time.Time) ([]Effect, error) {
	if e.Actor.Via != ViaSystem { // by a rule: see Request.Objection
		if err := mayAnswer(*r, e); err != nil {
			return nil, err
		}
	}
	if e.Reason == "" || r.Stage >= len(r.Stages) {
		return nil, Refuse(Invalid, "reason", "Please say why, so that the requester knows what to do next.")
	}
	stage := &r.Stages[r.Stage]
	stage.Answers = append(stage.Answers, Answer{By: e.Actor, Reason: e.Reason, At: at, For: e.For})
	r.State, r.Decided, r.Waiting, r.Look, r.FollowUp = RequestDenied, at, withoutKept(*r, e.Actor.Person), time.Time{}, FollowUp{}
	return effects(EffectRecord, EffectShowCards), nil
}

func closing(to RequestState) func(*Request, Event, time.Time) ([]Effect, error) {
	return func(r *Request, e Event, at time.Time) ([]Effect, error) {
		if to == RequestCancelled && e.Actor.Via != ViaSystem && e.Actor.Person != r.Requester && e.Actor.Person != r.Beneficiary {
			return nil, refuse(NotAllowed, "Only the person who asked can cancel a request.")
		}
		if to == RequestLapsed && (r.Lapses.IsZero() || at.Before(r.Lapses) || r.Answered()) {
			return nil, refuse(Invalid, "The time to answer isn't up.")
		}
		r.State, r.Decided, r.Look, r.FollowUp = to, at, time.Time{}, FollowUp{}
		return effects(EffectRecord, EffectShowCards), nil
	}
}

// issueOpened takes note of the issue. An approved request's grant has been
// waiting for exactly that.
func issueOpened(r *Request, e Event, _ time.Time) ([]Effect, error) {
	if e.Issue == nil || e.Issue.Key == "" {
		return nil, refuse(Invalid, "The issue has no key.")
	}
	if r.Issue.Key != "" {
		return recordAgain(r, e)
	}
	r.Issue = *e.Issue
	switch {
	case r.State != RequestApproved || r.Unlisted != "":
		return effects(EffectShowCards), nil
	case len(r.Stages) == 0 && !r.BreakGlass: // nobody answers, so nothing else would say that it doesn't wait for that
		return effects(EffectRelease, EffectRecord, EffectShowCards), nil
	}
	return effects(EffectRelease, EffectShowCards), nil
}

// recordAgain goes on with another issue where the one there was is gone.
func recordAgain(r *Request, e Event) ([]Effect, error) {
	if e.Issue.Instead == "" || e.Issue.Instead != r.Issue.ID {
		return nil, refuse(Duplicate, "The issue is already known.")
	}
	r.Issue = *e.Issue
	return effects(EffectRecord, EffectShowCards), nil
}

// keep takes note of an answer whose giver is not established. Whatever could be
// refused without knowing more is refused here. A second word of the same person
// takes the place of the first.
func keep(r *Request, e Event, at time.Time) ([]Effect, error) {
	if old, kept := r.Kept(e.Actor.Person); kept && old.As == e.Answer && old.Stage == r.Stage {
		return nil, refuse(Duplicate, "Your answer is kept already. It counts as soon as it is known that you may give it, and you needn't do anything.")
	}
	try := e
	try.Kind, try.Approvers = e.Answer, []PersonID{e.Actor.Person}
	rule, known := requestRuleFor(r.State, try.Kind)
	if !known || !slices.Contains([]EventKind{EventApproved, EventDenied, EventJustified, EventUnjustified}, try.Kind) {
		return nil, refuse(TooLate, r.State.undecidable())
	}
	would := r.clone()
	if _, err := rule.do(&would, try, at); err != nil {
		return nil, err
	}
	r.Waiting = append(withoutKept(*r, e.Actor.Person), KeptAnswer{By: e.Actor, As: e.Answer, Stage: r.Stage, Reason: e.Reason, Wanted: e.Wanted, At: at, SignedIn: e.SignedIn})
	return effects(EffectEstablish, EffectRecord, EffectShowCards), nil
}

// drop lets go of a kept answer that can't count; the event says why.
func drop(r *Request, e Event, _ time.Time) ([]Effect, error) {
	if _, kept := r.Kept(e.Actor.Person); !kept {
		return nil, refuse(TooLate, "No answer is kept.")
	}
	r.Waiting = withoutKept(*r, e.Actor.Person)
	return effects(EffectRecord, EffectShowCards), nil
}

// Apply moves the request by one event. It returns the moved request and what
// is to be done about it; the receiver is not changed. A move that is not
// allowed is a Refusal and leaves everything as it was.
func (r Request) Apply(e Event, at time.Time) (Request, []Effect, error) {
	if e.Newer() {
		return r, nil, ErrNewerEvent
	}
	rule, ok := requestRuleFor(r.State, e.Kind)
	if !ok {
		return r, nil, refuse(TooLate, r.State.undecidable())
	}
	next := r.clone()
	effs, err := rule.do(&next, e, at)
	if err != nil {
		return r, nil, err
	}
	if !slices.Contains(rule.To, next.State) {
		return r, nil, fmt.Errorf("access: request %s went from %s to %s on %s, which the table does not allow", r.ID, r.State, next.State, e.Kind)
	}
	return next, effs, nil
}
