package access

import (
	"slices"

	"latchkey/catalog"
)

// Case is everything there is to tell about one request at one moment: what the
// issue and the cards are drawn from.
type Case struct {
	Request     Request
	Grant       *Grant // nil until there is one
	Reopened    bool   // its issue was opened again, to write there what becomes of a seat that nobody uses
	Tried       bool   // what is stuck about the grant is tried again by itself
	MoreToTell  bool   // its issue is about to be told of what came later
	App         catalog.App
	Role        catalog.Role
	Requester   Person
	Beneficiary Person
	Fulfillers  []PersonID          // who makes the app's changes, where fulfilment is manual
	Approvers   []Person            // who was asked for the current stage
	People      map[PersonID]Person // everybody the story names, as far as they are known
	Story       []Event             // the request's events, oldest first
	Lost        []string            // which events can't be read back: the story is without them
}

// Person is what the case knows of somebody; only the id if that is nothing.
func (c Case) Person(who PersonID) Person {
	found := Person{ID: who}
	for _, p := range append([]Person{c.People[who], c.Requester, c.Beneficiary}, c.Approvers...) {
		if p.ID == who && (p.Name != "" || found.Email == "") {
			if found = p; p.Name != "" {
				return found
			}
		}
	}
	return found
}

// Named is everybody the story names, each once.
func (c Case) Named() []PersonID {
	all := []PersonID{c.Request.Requester, c.Request.Beneficiary}
	for _, st := range c.Request.Stages {
		all = append(append(all, st.Asked...), st.Standby...)
		for _, a := range st.Answers {
			all = append(all, a.By.Person, a.For)
		}
	}
	all = append(all, c.Fulfillers...)
	for _, e := range c.Story {
		all = append(append(all, e.Actor.Person, e.For), e.Approvers...)
		if e.Basis != nil {
			all = append(all, e.Basis.Asked)
		}
		for _, d := range e.Delegates {
			all = append(all, d.Who, d.For)
		}
	}
	if c.Grant != nil {
		all = append(all, c.Grant.EndedBy.Person, c.Grant.TakenBy)
	}
	if c.Request.Review != nil {
		all = append(all, c.Request.Review.Asked...)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(e PersonID) bool { return e == "" })
}

// Phase is where the whole chain stands, for people and for the status.
type Phase string

// The phases of a case: the request's states, and once it is approved those of the
// grant, under the same words.
const (
	PhasePending   Phase = "pending"  // waits for an approver
	PhaseApproved  Phase = "approved" // the change is on its way
	PhaseManual    Phase = "manual"   // somebody has to make the change
	PhaseActive    Phase = "active"   // access is there
	PhaseEnding    Phase = "ending"   // access is being taken away
	PhaseStuck     Phase = "stuck"    // a human has to look
	PhaseDenied    Phase = "denied"
	PhaseCancelled Phase = "cancelled"
	PhaseLapsed    Phase = "lapsed"
	PhaseEnded     Phase = "ended"    // access was there and is gone
	PhaseExtended  Phase = "extended" // more time was asked for and given: see the request that gave the access
	PhaseReview    Phase = "review"   // break-glass, and gone; whether that was right is still open
)

// Phase tells where the case stands.
func (c Case) Phase() Phase { return phaseOf(c.Request, c.Grant) }

func phaseOf(r Request, g *Grant) Phase {
	switch r.State {
	case RequestPending:
		return PhasePending
	case RequestDenied:
		return PhaseDenied
	case RequestCancelled:
		return PhaseCancelled
	case RequestLapsed:
		return PhaseLapsed
	}
	if g == nil && r.Extends != "" {
		return PhaseExtended
	}
	if g == nil {
		return PhaseApproved
	}
	switch g.State {
	case GrantActive:
		return PhaseActive
	case GrantManual:
		if g.Revoking {
			return PhaseEnding
		}
		return PhaseManual
	case GrantEnding:
		return PhaseEnding
	case GrantStuck:
		return PhaseStuck
	case GrantEnded:
		if r.BreakGlass && (r.Review == nil || r.UnderReview()) {
			return PhaseReview
		}
		return PhaseEnded
	default:
		return PhaseApproved
	}
}

// Last finds the latest event of a kind in the story.
func (c Case) Last(kind EventKind) (Event, bool) {
	for i := len(c.Story) - 1; i >= 0; i-- {
		if c.Story[i].Kind == kind {
			return c.Story[i], true
		}
	}
	return Event{}, false
}

// Whole tells whether all of the access was seen to be there at some moment.
func (c Case) Whole() bool {
	if c.Grant == nil || c.Grant.Started.IsZero() {
		return false
	}
	given := map[catalog.GroupRef]bool{}
	for _, e := range c.Story {
		if e.Kind == EventMemberAdded && e.Group != nil {
			given[*e.Group] = true
		}
	}
	return c.Grant.Manual || len(given) >= len(c.Grant.Entitlements)
}
