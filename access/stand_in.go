package access

import (
	"slices"
	"time"
)

// Delegate says that somebody may decide in another one's place.
type Delegate struct {
	Who PersonID // who decides
	For PersonID // in whose place: who would decide themselves
}

// Reassignment is that somebody was asked to decide in the place of those whom a stage names.
type Reassignment struct {
	From   PersonID `json:",omitempty"` // in whose place; empty: of all
	To     PersonID
	By     Actor
	At     time.Time
	Reason string
}

// Principals are those of some people who decide by themselves, and not only in somebody
// else's place.
func Principals(who []PersonID, delegates []Delegate) []PersonID {
	return slices.DeleteFunc(slices.Clone(who), func(one PersonID) bool { return len(placesOf(one, delegates)) > 0 })
}

// placesOf are those in whose place somebody may decide.
func placesOf(who PersonID, delegates []Delegate) (out []PersonID) {
	for _, d := range delegates {
		if d.Who == who {
			out = append(out, d.For)
		}
	}
	return out
}
