package access

import "time"

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
