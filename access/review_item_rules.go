package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
)

// ReviewItemRule is one line of the state table of a review's rows.
type ReviewItemRule struct {
	From ReviewItemState
	On   EventKind
	To   []ReviewItemState
	do   func(*ReviewItem, Event, time.Time) ([]Effect, error)
}

// ReviewItemRules is the whole table. What is not in it is refused.
func ReviewItemRules() []ReviewItemRule {
	return []ReviewItemRule{
		{ItemOpen, EventRowAnswered, []ReviewItemState{ItemOpen, ItemDecided}, rowAnswered},
		{ItemOpen, EventRowReassigned, []ReviewItemState{ItemOpen}, rowReassigned},
		{ItemOpen, EventRowStage, []ReviewItemState{ItemOpen}, rowStage},
		{ItemOpen, EventRowDecided, []ReviewItemState{ItemDecided}, rowDecided},

		{ItemDecided, EventRowAnswered, []ReviewItemState{ItemOpen, ItemDecided}, rowAnswered},
		{ItemDecided, EventRowStage, []ReviewItemState{ItemOpen}, rowStage},
		{ItemDecided, EventRowRevoking, []ReviewItemState{ItemRevoking}, rowRevoking},
		{ItemDecided, EventRowSettled, []ReviewItemState{ItemSettled}, rowSettled},

		{ItemRevoking, EventRowRevoking, []ReviewItemState{ItemRevoking}, rowEnds},
		{ItemRevoking, EventRowSettled, []ReviewItemState{ItemSettled}, rowSettled},
		{ItemRevoking, EventRowIssue, []ReviewItemState{ItemRevoking}, rowIssue},

		{ItemSettled, EventRowSettled, []ReviewItemState{ItemSettled}, settledOtherwise},
		{ItemSettled, EventRowIssue, []ReviewItemState{ItemSettled}, rowIssue},
		{ItemSettled, EventRowRechecked, []ReviewItemState{ItemSettled}, rowRechecked},
		{ItemSettled, EventRowRestored, []ReviewItemState{ItemSettled}, rowRestored},
	}
}

// Apply moves the row by one event. A move that is not allowed is a Refusal.
func (i ReviewItem) Apply(e Event, at time.Time) (ReviewItem, []Effect, error) {
	if e.Newer() {
		return i, nil, ErrNewerEvent
	}
	if e.Review == nil || e.Review.Row != i.Row {
		return i, nil, fmt.Errorf("access: the event %s is about no row of a review, or another one", e.Kind)
	}
	rules := ReviewItemRules()
	n := slices.IndexFunc(rules, func(r ReviewItemRule) bool { return r.From == i.State && r.On == e.Kind })
	if n < 0 {
		return i, nil, refuse(TooLate, i.State.unmoved())
	}
	next := i
	next.Answers, next.Reviewers, next.Ends = slices.Clone(i.Answers), slices.Clone(i.Reviewers), slices.Clone(i.Ends)
	effs, err := rules[n].do(&next, e, at)
	if err != nil {
		return i, nil, err
	}
	if !slices.Contains(rules[n].To, next.State) {
		return i, nil, fmt.Errorf("access: row %s went from %s to %s on %s, which the table does not allow", i.ID(), i.State, next.State, e.Kind)
	}
	return next, effs, nil
}

// unmoved says why a row isn't moved by what was to happen to it.
func (s ReviewItemState) unmoved() string {
	switch s {
	case ItemRevoking:
		return "This access is being removed already. It can be given back once that is done."
	case ItemSettled:
		return "This row is done."
	case ItemDecided:
		return "This row is decided."
	}
	return "This row isn't decided yet."
}

// rowAnswered takes an answer, another one of the same reviewer instead of the one before, or takes it back.
func rowAnswered(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	a := ReviewAnswer{
		By: e.Actor, For: e.For, Stage: i.Stage, Decision: e.Review.Decision, Reason: strings.TrimSpace(e.Reason), At: at.UTC(),
		Took: e.Review.Took, Bulk: e.Review.Bulk, Recommended: e.Review.Recommended,
	}
	if err := i.takes(a, e.Stage); err != nil {
		return nil, err
	}
	i.Answers = slices.DeleteFunc(i.Answers, func(o ReviewAnswer) bool { return o.Stage == i.Stage && o.Answerer() == a.Answerer() })
	if a.Decision != DecisionNone {
		i.Answers = append(i.Answers, a)
	}
	i.determine(at)
	return nil, nil
}

// takes refuses an answer that its giver can't give.
func (i *ReviewItem) takes(a ReviewAnswer, stage int) error {
	switch {
	case a.By.Person == "":
		return refuse(NotAllowed, "I can't tell who you are, so your answer can't count.")
	case i.Person != "" && (a.By.Person == i.Person || a.For == i.Person):
		return refuse(NotAllowed, "Nobody reviews their own access.")
	case !slices.Contains(i.Reviewers, a.Answerer()):
		return refuse(NotAllowed, "Somebody else reviews this row.")
	case stage != i.Stage:
		return refuse(TooLate, "This row has gone on to another stage. Please open the review again.")
	case !slices.Contains([]ReviewDecision{DecisionNone, DecisionKeep, DecisionRevoke, DecisionNotMine}, a.Decision):
		return refuse(Invalid, "Please answer keep, revoke, or that it isn't yours to say.")
	case a.Bulk && i.Privileged:
		return refuse(NotAllowed, "Privileged access is answered row by row.")
	}
	return nil
}

// Counting are the answers of the row's stage that count: one that keeps privileged access needs a reason.
func (i ReviewItem) Counting() []ReviewAnswer {
	return slices.DeleteFunc(slices.Clone(i.Answers), func(a ReviewAnswer) bool { return a.Stage != i.Stage || !i.counts(a) })
}

func (i ReviewItem) counts(a ReviewAnswer) bool {
	return !i.Privileged || a.Decision != DecisionKeep || a.Reason != ""
}

// comeTo is what the answers so far determine; final: no more come.
func (i ReviewItem) comeTo(final bool) ReviewDecision {
	counting := i.Counting()
	if i.AnyOne {
		return lastSaid(counting)
	}
	return Determined(i.strategy(), i.Reviewers, counting, final)
}

// lastSaid is the last keep or revoke of some answers.
func lastSaid(answers []ReviewAnswer) ReviewDecision {
	for _, a := range slices.Backward(answers) {
		if a.Decision == DecisionKeep || a.Decision == DecisionRevoke {
			return a.Decision
		}
	}
	return DecisionNone
}

// Final is what becomes of the row where no more answers come: what its answers determine then, or DecisionNone.
func (i ReviewItem) Final() ReviewDecision { return i.comeTo(true) }

// determine sees what the answers come to so far.
func (i *ReviewItem) determine(at time.Time) {
	v := i.comeTo(false)
	if v == DecisionNone {
		i.State, i.Decision, i.Grounds, i.Decided, i.Enforce = ItemOpen, DecisionNone, "", time.Time{}, time.Time{}
		return
	}
	i.decide(v, ByAnswers, at)
}

func (i *ReviewItem) decide(v ReviewDecision, by Grounds, at time.Time) {
	if i.State != ItemDecided || i.Decision != v {
		i.Decided = at.UTC()
	}
	i.State, i.Decision, i.Grounds, i.Enforce = ItemDecided, v, by, time.Time{}
	if v == DecisionRevoke {
		i.Enforce = i.Decided.Add(i.Rule.Undo)
	}
}

func (i *ReviewItem) strategy() catalog.ReviewStrategy {
	if len(i.Rule.Strategies) == 0 {
		return catalog.AllMustKeep
	}
	return i.Rule.Strategies[min(i.Stage, len(i.Rule.Strategies)-1)]
}

// rowReassigned has others answer. What those said who don't answer any more doesn't count any more.
func rowReassigned(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	who := slices.DeleteFunc(slices.Clone(e.Review.Reviewers), func(p PersonID) bool { return p == i.Person || p == "" })
	if len(who) == 0 {
		return nil, refuse(Invalid, "Please name somebody else: nobody reviews their own access.")
	}
	i.Reviewers, i.AnyOne = who, e.Review.AnyOne
	if e.Review.Grounds != "" {
		i.LeftToIT = e.Review.Grounds
	}
	i.Answers = slices.DeleteFunc(i.Answers, func(a ReviewAnswer) bool { return a.Stage == i.Stage && !slices.Contains(who, a.Answerer()) })
	i.determine(at)
	return nil, nil
}

// rowStage has the row go on to the next stage. What was revoked does not: that outranks what anybody else says.
func rowStage(i *ReviewItem, e Event, _ time.Time) ([]Effect, error) {
	switch {
	case i.Decision == DecisionRevoke:
		return nil, refuse(Invalid, "What was revoked goes on to no further stage.")
	case i.Stage+1 >= len(i.Rule.Strategies):
		return nil, refuse(Invalid, "There is no further stage.")
	}
	i.Stage++
	i.State, i.Decision, i.Grounds, i.Decided, i.Enforce = ItemOpen, DecisionNone, "", time.Time{}, time.Time{}
	i.Reviewers, i.AnyOne = slices.DeleteFunc(slices.Clone(e.Review.Reviewers), func(p PersonID) bool { return p == i.Person }), false
	return nil, nil
}

// rowDecided determines the row where no more answers come.
func rowDecided(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	v, by := i.Final(), ByAnswers
	if v == DecisionNone {
		v, by = e.Review.Decision, e.Review.Grounds
	}
	if v != DecisionKeep && v != DecisionRevoke || by == "" {
		return nil, refuse(Invalid, "Nothing determines this row yet.")
	}
	i.decide(v, by, at)
	return nil, nil
}

// rowRevoking begins the removal, once nobody can take the answer back any more.
func rowRevoking(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	switch {
	case i.Decision != DecisionRevoke:
		return nil, refuse(Invalid, "This row isn't to be removed.")
	case at.Before(i.Enforce):
		return nil, refuse(Invalid, "The answer can still be taken back.")
	}
	i.State, i.Ends = ItemRevoking, e.Review.Ends
	return nil, nil
}

// rowEnds notes by the end of which grants the row is removed.
func rowEnds(i *ReviewItem, e Event, _ time.Time) ([]Effect, error) {
	switch {
	case len(e.Review.Ends) == 0:
		return nil, refuse(Invalid, "It isn't said what ends.")
	case len(i.Ends) > 0:
		return nil, refuse(Duplicate, "This access is being removed already.")
	}
	i.Ends = e.Review.Ends
	return nil, nil
}

// rowSettled notes what became of the row.
func rowSettled(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	kept := e.Review.Outcome == OutcomeKept
	switch {
	case e.Review.Outcome == "":
		return nil, refuse(Invalid, "It isn't said what became of the row.")
	case kept != (i.Decision == DecisionKeep), kept && i.State != ItemDecided:
		return nil, refuse(Invalid, "That isn't what was decided of the row.")
	case i.State == ItemDecided && !kept && at.Before(i.Enforce):
		return nil, refuse(Invalid, "The answer can still be taken back.")
	}
	i.State = ItemSettled
	i.settle(e, at)
	return nil, nil
}

func (i *ReviewItem) settle(e Event, at time.Time) {
	i.Outcome, i.Cause = e.Review.Outcome, strings.TrimSpace(e.Note)
	if i.Outcome == OutcomeGone {
		i.ReadBack = at.UTC()
	}
}

// settledOtherwise: what a human had to remove is gone, or what failed was tried again.
func settledOtherwise(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	open := i.Outcome == OutcomeManual || i.Outcome == OutcomeFailed || i.Outcome == OutcomeShared
	if !open || e.Review.Outcome == OutcomeKept || e.Review.Outcome == "" {
		return nil, refuse(TooLate, ItemSettled.unmoved())
	}
	i.settle(e, at)
	return nil, nil
}

func rowIssue(i *ReviewItem, e Event, _ time.Time) ([]Effect, error) {
	if e.Issue == nil || e.Issue.Key == "" {
		return nil, refuse(Invalid, "There is no issue.")
	}
	i.Issue = *e.Issue
	return nil, nil
}

// rowRechecked notes that it was looked once more whether what was removed is still gone: Review.Outcome is OutcomeGone
// if it is, OutcomeShared if it is there for a reason, which the note says, and anything else if it is there without one.
func rowRechecked(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	if i.Decision != DecisionRevoke {
		return nil, refuse(Invalid, "Nothing was removed.")
	}
	i.Rechecked, i.Back, i.Again = at.UTC(), false, ""
	switch e.Review.Outcome {
	case OutcomeGone:
	case OutcomeShared:
		i.Again = strings.TrimSpace(e.Note)
	default:
		i.Back = true
	}
	return nil, nil
}

// rowRestored gives back what was revoked, with the approval that it had.
func rowRestored(i *ReviewItem, e Event, at time.Time) ([]Effect, error) {
	switch {
	case i.Decision != DecisionRevoke || i.Outcome != OutcomeGone && i.Outcome != OutcomeEnded:
		return nil, refuse(Invalid, "Nothing was taken away, so there is nothing to give back.")
	case !i.Restored.IsZero():
		return nil, refuse(Duplicate, "This was given back already.")
	case at.Sub(i.settledAt()) > i.Rule.Restore:
		return nil, refuse(TooLate, fmt.Sprintf("This can be given back within %s only. Please ask for it anew.", catalog.FormatDuration(i.Rule.Restore)))
	}
	i.Restored, i.RestoreBy = at.UTC(), e.Actor
	if len(e.Review.Ends) > 0 {
		i.Restoring = e.Review.Ends[0]
	}
	return nil, nil
}

func (i ReviewItem) settledAt() time.Time {
	if !i.ReadBack.IsZero() {
		return i.ReadBack
	}
	return i.Decided
}

// CanBeRestored reports whether what the row took away can still be given back at a moment. It needs an approval besides:
// what nobody had asked for has none.
func (i ReviewItem) CanBeRestored(at time.Time) bool {
	return i.State == ItemSettled && i.Decision == DecisionRevoke && (i.Outcome == OutcomeGone || i.Outcome == OutcomeEnded) && i.Restored.IsZero() && i.Grant != "" && at.Sub(i.settledAt()) <= i.Rule.Restore
}
