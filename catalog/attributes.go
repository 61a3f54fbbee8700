package catalog

import "time"

// Attributes are what a condition is judged by: who would get which role for how long. What
// is empty is not known.
type Attributes struct {
	Person    PersonAttributes // who gets the access
	Requester PersonAttributes // who asks; usually the same
	App       App
	Role      Role
	Wanted    time.Duration // Forever for no end
	Extends   bool          // more time for access that is there
	Peers     Share         // how many of the person's colleagues have the role

	Has      Holdings    // what the person has, for what can't go together
	Allowed  []Exception // that the person has been allowed by what they hold
	Excepted []Exception // that are asked for with it, or were: whoever decides has them before their eyes
	Late     bool        // its stages are settled, so a further exception can't be asked for with it
	Urgent   bool        // taken in an emergency
}

// PersonAttributes are what is known of somebody. An empty text is not known: that a directory
// names no department says of no department that it isn't theirs.
type PersonAttributes struct {
	Email      string
	Addresses  []string // all that mean them where they were written down
	Department string
	Title      string
	Type       string // what sort of work relation, as in "Contractor"
	Location   string
	Manager    string             // the manager's address, to show and to compare as text
	ManagedBy  []string           // all addresses that mean the manager; empty: no manager is known
	Groups     map[GroupRef]Truth // of those that the policy asks about; what is missing is not known
}

// Share is how many of how many.
type Share struct{ Some, All int }

// Known reports whether there is anybody to speak of.
func (s Share) Known() bool { return s.All > 0 }

// Percent is the share in percent; below 0 where it isn't known.
func (s Share) Percent() int {
	if !s.Known() {
		return -1
	}
	return s.Some * 100 / s.All
}

// Of is the share, from 0 to 1; 0 where it isn't known.
func (s Share) Of() float64 {
	if !s.Known() {
		return 0
	}
	return float64(s.Some) / float64(s.All)
}
