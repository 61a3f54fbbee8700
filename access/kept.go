package access

import (
	"slices"
	"time"
)

// KeptAnswer is an answer that counts for nothing yet: when it was given, it could
// not be established whether its giver may answer, because a directory was silent.
// Nothing else stands in for that. The answer takes effect, or is refused, as soon
// as it is known.
type KeptAnswer struct {
	By     Actor
	As     EventKind // what it becomes: EventApproved, EventDenied, EventJustified or EventUnjustified
	Stage  int       // of a decision
	Reason string
	Wanted time.Duration
	At     time.Time // when it was given
}

// Kept is the answer of somebody that waits until it is known whether they may give
// it.
func (r Request) Kept(by PersonID) (KeptAnswer, bool) {
	i := slices.IndexFunc(r.Waiting, func(k KeptAnswer) bool { return k.By.Person == by })
	if i < 0 || by == "" {
		return KeptAnswer{}, false
	}
	return r.Waiting[i], true
}

// keep takes note of an answer whose giver is not established. Whatever could be
// refused without knowing more is refused here. A second word of the same person
// takes the place of the first.
func keep(r *Request, e Event, at time.Time) ([]Effect, error) {
	if old, kept := r.Kept(e.Actor.Person); kept && old.As == e.Answer && old.Stage == r.Stage {
		return nil, refuse(Duplicate, "Your answer is kept already. It counts as soon as the company's directory says that you may give it, and you needn't do anything.")
	}
	try := e
	try.Kind, try.Approvers = e.Answer, []PersonID{e.Actor.Person}
	rule, known := requestRuleFor(r.State, try.Kind)
	if !known || !slices.Contains([]EventKind{EventApproved, EventDenied, EventJustified, EventUnjustified}, try.Kind) {
		return nil, refuse(TooLate, r.settled())
	}
	would := r.clone()
	if _, err := rule.do(&would, try, at); err != nil {
		return nil, err
	}
	r.Waiting = append(r.withoutKept(e.Actor.Person), KeptAnswer{By: e.Actor, As: e.Answer, Stage: r.Stage, Reason: e.Reason, Wanted: e.Wanted, At: at})
	return effects(EffectEstablish, EffectRecord, EffectShowCards), nil
}

// drop lets go of a kept answer that can't count; the event says why.
func drop(r *Request, e Event, _ time.Time) ([]Effect, error) {
	if _, kept := r.Kept(e.Actor.Person); !kept {
		return nil, refuse(TooLate, "No answer is kept.")
	}
	r.Waiting = r.withoutKept(e.Actor.Person)
	return effects(EffectRecord, EffectShowCards), nil
}

// withoutKept are the kept answers but somebody's.
func (r Request) withoutKept(by PersonID) []KeptAnswer {
	var out []KeptAnswer
	for _, k := range r.Waiting {
		if k.By.Person != by {
			out = append(out, k)
		}
	}
	return out
}
