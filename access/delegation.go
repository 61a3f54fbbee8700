package access

import (
	"fmt"
	"strings"
	"time"

	"latchkey/catalog"
)

const (
	// DelegationMost is how long somebody can have another person decide for them at once.
	DelegationMost = 90 * catalog.Day
	// DelegationAhead is how long before it begins a delegation can be set.
	DelegationAhead = 180 * catalog.Day
)

// DelegationState is where a delegation stands.
type DelegationState string

// The states of a delegation. Whether it counts is a matter of the moment alone
// (Delegation.Counts): that it is running only says that both were told.
const (
	DelegationPlanned DelegationState = "planned"
	DelegationRunning DelegationState = "running"
	DelegationEnded   DelegationState = "ended"
)

// Delegation is that somebody decides in another one's place for a while. It gives them
// nothing but that: whoever may not decide at a moment has nobody who decides for them.
type Delegation struct {
	ID      string
	Version uint64

	Delegator PersonID // in whose place
	Delegate  PersonID // who decides
	From      time.Time
	Until     time.Time
	State     DelegationState
	Set       time.Time // when it was set
	By        Actor     // by whom: the delegator
	Ended     time.Time // zero: it hasn't
	EndedBy   Actor
	Why       string `json:",omitempty"` // why it ended before its time, where nobody ended it
	Issue     Issue  // where it is written down, once that exists
}

// DelegationSubject is the subject of a delegation.
func DelegationSubject(id string) Subject { return Subject{SubjectDelegation, id} }

// NewDelegation has somebody decide in place of whoever sets it, and gives its first event.
func NewDelegation(id string, by Actor, delegate PersonID, from, until, at time.Time) (Delegation, Event, error) {
	if from.Before(at) {
		from = at
	}
	switch {
	case by.Person == "":
		return Delegation{}, Event{}, refuse(NotAllowed, "I can't tell who you are, so nobody can decide for you.")
	case delegate == "":
		return Delegation{}, Event{}, Refuse(Invalid, "delegate", "Please choose who decides for you.")
	case delegate == by.Person:
		return Delegation{}, Event{}, Refuse(Invalid, "delegate", "Please choose somebody else: you decide for yourself anyway.")
	case !until.After(from):
		return Delegation{}, Event{}, Refuse(Invalid, "until", "That isn't after the first day. Please choose the day on which you are back.")
	case until.Sub(from) > DelegationMost:
		return Delegation{}, Event{}, Refuse(Invalid, "until", fmt.Sprintf("Somebody can decide for you for %s at most.", catalog.FormatDuration(DelegationMost)))
	case from.Sub(at) > DelegationAhead:
		return Delegation{}, Event{}, Refuse(Invalid, "from", fmt.Sprintf("That is more than %s from now. Please set it later.", catalog.FormatDuration(DelegationAhead)))
	}
	d := Delegation{ID: id, Delegator: by.Person, Delegate: delegate, From: from.UTC(), Until: until.UTC(), State: DelegationPlanned, Set: at.UTC(), By: by}
	if !from.After(at) {
		d.State = DelegationRunning
	}
	return d, d.Event(EventDelegated, by, at), nil
}

// Pair is who decides for whom.
func (d Delegation) Pair() Delegate { return Delegate{Who: d.Delegate, For: d.Delegator} }

// Open reports whether it counts or is going to.
func (d Delegation) Open() bool { return d.State != DelegationEnded }

// Counts reports whether the delegate may decide in the delegator's place at a moment.
func (d Delegation) Counts(at time.Time) bool {
	return d.Open() && !at.Before(d.From) && at.Before(d.Until)
}

// Concerns reports whether somebody is one of the two.
func (d Delegation) Concerns(who PersonID) bool {
	return who != "" && (who == d.Delegator || who == d.Delegate)
}

// Other is the other one of the two.
func (d Delegation) Other(who PersonID) PersonID {
	if who == d.Delegator {
		return d.Delegate
	}
	return d.Delegator
}

// Due is when a timer must look at it: when it begins, and when it ends.
func (d Delegation) Due() time.Time {
	switch d.State {
	case DelegationPlanned:
		return d.From
	case DelegationRunning:
		return d.Until
	}
	return time.Time{}
}

// Event starts an event about it.
func (d Delegation) Event(kind EventKind, by Actor, at time.Time) Event {
	return Event{Kind: kind, At: at.UTC(), Subject: DelegationSubject(d.ID), Person: d.Delegator, Actor: by, Delegates: []Delegate{d.Pair()}, From: d.From, Until: d.Until}
}

// Apply moves it by one event. A move that is not allowed is a Refusal.
func (d Delegation) Apply(e Event, at time.Time) (Delegation, []Effect, error) {
	switch {
	case e.Newer():
		return d, nil, ErrNewerEvent
	case !d.Open():
		return d, nil, refuse(TooLate, "This has ended already.")
	case e.Kind == EventDelegationBegun:
		if d.State != DelegationPlanned || at.Before(d.From) {
			return d, nil, refuse(Invalid, "It isn't time to begin.")
		}
		d.State = DelegationRunning
	case e.Kind == EventDelegationEnded:
		itself := e.Actor.Via == ViaSystem
		if !itself && !d.Concerns(e.Actor.Person) {
			return d, nil, refuse(NotAllowed, "Only the two whom it concerns can end this.")
		}
		if itself && e.Note == "" && at.Before(d.Until) {
			return d, nil, refuse(Invalid, "It isn't over.")
		}
		d.State, d.Ended, d.EndedBy, d.Why = DelegationEnded, at.UTC(), e.Actor, strings.TrimSpace(e.Note)
	default:
		return d, nil, refuse(TooLate, "This can't be done to a delegation.")
	}
	return d, nil, nil
}

// Unite puts one person in the place of another, because both are one human.
func (d Delegation) Unite(from, to PersonID) Delegation {
	for _, p := range []*PersonID{&d.Delegator, &d.Delegate, &d.By.Person, &d.EndedBy.Person} {
		if *p == from {
			*p = to
		}
	}
	return d
}
