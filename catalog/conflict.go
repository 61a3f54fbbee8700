package catalog

import (
	"slices"
	"time"
)

// Conflict is a segregation of duties: nobody has something of one side together with something of the other.
type Conflict struct {
	ID         string
	Line       int `json:"-"` // of the configuration; 0 if it has none
	Not        [2][]Holding
	Why        string         // in a sentence, for whoever asks
	Exception  ExceptionTerms // how it may be otherwise for a while; none: never
	BreakGlass bool           // who takes a role in an emergency may have both meanwhile
}

// ExceptionTerms are how somebody may get what a conflict rules out.
type ExceptionTerms struct {
	Route string        // who decides about it
	Max   time.Duration // and for how long it lasts at most
}

// Allowed reports whether there are exceptions at all.
func (t ExceptionTerms) Allowed() bool { return t.Route != "" && t.Max > 0 }

// Excepts reports whether somebody may have both sides at all, for a while.
func (k Conflict) Excepts() bool { return k.Exception.Allowed() || k.BreakGlass }

// Violation is that somebody has, or would have, one thing of each side of a conflict.
type Violation struct {
	Conflict Conflict
	Between  [2]Holding // one of each side, in the conflict's order
	Known    bool       // false: it isn't known whether they have both
}

// Exception is that somebody is to be allowed to have two things that a conflict rules out, in the words of
// when it was asked for. It names nobody.
type Exception struct {
	Conflict string
	Between  [2]Holding
	With     string        // what the role that is asked for can't go with, as people read it
	Why      string        `json:",omitempty"`
	Max      time.Duration `json:",omitempty"` // how long it lasts at most; 0: it is no longer than the role
	Unsure   bool          `json:",omitempty"` // it wasn't known whether they have both
}

// AmongExceptions reports whether one of the exceptions allows the violation.
func (v Violation) AmongExceptions(list []Exception) bool {
	return slices.ContainsFunc(list, func(e Exception) bool { return e.Conflict == v.Conflict.ID && e.Between == v.Between })
}

// Conflict finds a conflict by its id.
func (p Policy) Conflict(id string) (Conflict, bool) {
	i := slices.IndexFunc(p.Conflicts, func(k Conflict) bool { return k.ID == id })
	if i < 0 {
		return Conflict{}, false
	}
	return p.Conflicts[i], true
}
