package access

import (
	"slices"
	"strings"
	"time"
)

const (
	// erasedWord stands for words that were erased, where it matters that there were some.
	erasedWord = "erased"
	// ErasedName is what somebody is called whose name was erased.
	ErasedName = "somebody whose name was erased"
)

// Concerns tells whether an event names or quotes somebody: in its private part, or by
// their id. That something was erased doesn't: it stays.
func (e Event) Concerns(who PersonID) bool {
	if e.Kind == EventErased {
		return false
	}
	_, introduced := e.People[who]
	return introduced || e.Person == who || e.Actor.Person == who || slices.Contains(e.Approvers, who) || slices.Contains(e.Standby, who) || e.Opening != nil && e.Opening.Requester == who
}

// Erase takes out of a request what names or quotes somebody and was written before a
// moment. Who that is by our ids, what was asked for and what became of it stay.
func (r Request) Erase(who PersonID, before time.Time) Request {
	own := (r.Requester == who || r.Beneficiary == who) && r.Created.Before(before)
	r = r.clone()
	if own {
		r.Reason, r.Unlisted, r.Conversation = erasedWords(r.Reason), erasedWords(r.Unlisted), ""
	}
	words := func(a *Answer) {
		if a.At.Before(before) && (own || a.By.Person == who) {
			a.Reason, a.By.Account = erasedWords(a.Reason), ""
		}
	}
	for i := range r.Stages {
		st := &r.Stages[i]
		if own {
			st.Unfound, st.Why = unnamed(st.Unfound), erasedWords(st.Why)
		}
		for j := range st.Answers {
			words(&st.Answers[j])
		}
	}
	if r.Review != nil && r.Review.Answer != nil {
		review, answer := *r.Review, *r.Review.Answer
		words(&answer)
		review.Answer = &answer
		r.Review = &review
	}
	return r
}

func erasedWords(text string) string {
	if text == "" {
		return ""
	}
	return erasedWord
}

// unnamed are as many as there were.
func unnamed(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	return unfound(len(names), nil)
}

// EraseGrant takes out of a grant that has ended what names or quotes somebody.
func EraseGrant(g Grant, who PersonID, before time.Time) Grant {
	if g.State != GrantEnded || !g.Created.Before(before) {
		return g
	}
	if g.Person == who {
		g.Problem = erasedWords(g.Problem)
	}
	if g.Person == who || g.EndedBy.Person == who {
		g.EndedBy.Account = ""
	}
	return g
}

// Erase takes out of a row of a review what names or quotes somebody and was said before a moment. What was decided, and by
// whom by our ids, stays.
func (i ReviewItem) Erase(who PersonID, before time.Time) ReviewItem {
	i.Answers = slices.Clone(i.Answers)
	for n := range i.Answers {
		if a := &i.Answers[n]; a.At.Before(before) && (i.Person == who || a.By.Person == who) {
			a.Reason, a.By.Account = erasedWords(a.Reason), ""
		}
	}
	if i.RestoreBy.Person == who {
		i.RestoreBy.Account = ""
	}
	if i.Person == who {
		i.Cause = erasedWords(i.Cause)
	}
	return i
}

// EraseReclaim takes out of a question about an idle seat what names or quotes somebody and was said before a moment.
func EraseReclaim(r Reclaim, who PersonID, before time.Time) Reclaim {
	if r.Open() || !r.Created.Before(before) {
		return r
	}
	if r.Person == who || r.By.Person == who {
		r.Why, r.By.Account = erasedWords(r.Why), ""
	}
	if r.Person == who || r.RestoreBy.Person == who {
		r.RestoreBy.Account = ""
	}
	return r
}

// Departed tells whether somebody has left, or IT has ended everything they had.
func (p Person) Departed() bool { return p.Standing == Left || !p.Offboarded.IsZero() }

// Erase takes out of what is known of a person the addresses and names they had before
// a moment and have no more; of somebody who has left, all of them, and all else that
// a directory has told. Their id and the ids of their accounts stay: without them, the
// same account would be somebody else tomorrow. Whether somebody has left who was found
// to be somebody else is said of whom they are now (Departed).
func (p Person) Erase(before time.Time, left bool) Person {
	p.Bindings = slices.DeleteFunc(slices.Clone(p.Bindings), func(b Binding) bool {
		return !b.IsAccount() && (left || !b.Live() && b.Until.Before(before))
	})
	for i, b := range p.Bindings {
		if b.IsAccount() && strings.Contains(b.How, "@") {
			p.Bindings[i].How = "how it was established was erased"
		}
	}
	p.Still = nil
	if left || p.Same != "" { // who is known under another id shows nothing under this one
		p.Email, p.Name, p.Title, p.Department, p.TimeZone, p.Manager, p.Number = "", "", "", "", "", "", ""
		p.Employment, p.Location, p.Stood = "", "", nil
		p.AwayUntil, p.StatusAway = time.Time{}, time.Time{}
	}
	p.Erased = later(p.Erased, before)
	return p
}

// As is the case as it may be told of what happened at a moment: without the names of
// those whose names of that time were erased. ok is false where that is nobody.
func (c Case) As(at time.Time) (out Case, ok bool) {
	hide := func(p Person) Person {
		if !at.Before(p.Erased) {
			return p
		}
		ok = true
		return Person{ID: p.ID, Name: ErasedName, Erased: p.Erased}
	}
	c.Requester, c.Beneficiary = hide(c.Requester), hide(c.Beneficiary)
	people, approvers := map[PersonID]Person{}, slices.Clone(c.Approvers)
	for who, p := range c.People {
		people[who] = hide(p)
	}
	for i := range approvers {
		approvers[i] = hide(approvers[i])
	}
	c.People, c.Approvers = people, approvers
	return c, ok
}
