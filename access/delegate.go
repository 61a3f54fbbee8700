package access

import (
	"slices"
	"time"
)

// Of is in whose name an answer counts: who gave it, or in whose place they did.
func (a Answer) Of() PersonID {
	if a.For != "" {
		return a.For
	}
	return a.By.Person
}

// names are those in whose name it was given: who gave it, and in whose place.
func (a Answer) names() []PersonID {
	if a.For == "" || a.For == a.By.Person {
		return []PersonID{a.By.Person}
	}
	return []PersonID{a.By.Person, a.For}
}

// Delegated are those who decide for those who were found, by delegations that count at a moment.
// Whoever was found decides by themselves; whom it is about decides for nobody; and nobody
// decides for somebody who would only do so for another one.
func Delegated(r Request, found []PersonID, all []Delegation, at time.Time) (out []Delegate) {
	for _, d := range all {
		own := d.Delegate == r.Requester || d.Delegate == r.Beneficiary
		if d.Counts(at) && slices.Contains(found, d.Delegator) && !slices.Contains(found, d.Delegate) && !own {
			out = append(out, d.Pair())
		}
	}
	return out
}

// mayAnswer tells whether who an event names may give the answer that it is: they may
// decide, and where it is only in somebody else's place, in this one's.
func mayAnswer(r Request, e Event) error {
	if err := r.MayDecide(e.Actor.Person, e.Approvers); err != nil {
		return err
	}
	places := placesOf(e.Actor.Person, e.Delegates)
	switch {
	case e.For == "" && len(places) == 0:
		return nil
	case !slices.Contains(places, e.For), !slices.Contains(Principals(e.Approvers, e.Delegates), e.For):
		return refuse(NotAllowed, "You would decide this for somebody else, who may not decide it themselves.")
	case e.For == r.Requester, e.For == r.Beneficiary:
		return refuse(NotAllowed, "Nobody decides on their own access, and nobody does so for them.")
	case r.Stages[r.Stage].answered(e.For), r.Stages[r.Stage].filled(e.For):
		return refuse(Duplicate, "Whoever you decide for has answered this already.")
	case r.Distinct && r.saidYes(e.For):
		return refuse(NotAllowed, "Whoever you decide for has said yes to an earlier stage of this request, and every stage needs somebody else.")
	}
	return nil
}

// Standing is in whose place somebody would answer the current stage: the first of those
// whose answer is still open. Empty: nobody's.
func (r Request) Standing(who PersonID, delegates []Delegate) PersonID {
	places := placesOf(who, delegates)
	for _, p := range places {
		if !r.Stages[r.Stage].answered(p) && !r.Stages[r.Stage].filled(p) {
			return p
		}
	}
	if len(places) > 0 {
		return places[0]
	}
	return ""
}

// withoutAbsent leaves out those who have somebody decide in their place: they may decide,
// and aren't waited for.
func withoutAbsent(r Request, who []PersonID) []PersonID {
	if r.State != RequestPending || r.Stage >= len(r.Stages) {
		return who
	}
	delegates := r.Stages[r.Stage].Delegates
	return slices.DeleteFunc(who, func(one PersonID) bool {
		return slices.ContainsFunc(delegates, func(d Delegate) bool { return d.For == one && slices.Contains(who, d.Who) })
	})
}
