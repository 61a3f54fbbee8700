package pack

import "time"

// Reviewer is somebody who was asked, and what makes them fit to answer.
type Reviewer struct {
	ID      string       `json:"id"` // Latchkey's id of the person: rows name it
	Name    string       `json:"name"`
	Account string       `json:"account"` // with which they answer
	Title   Fact[string] `json:"title"`   // what they are, by the directory
	Chosen  string       `json:"chosen"`  // how: the rule that led to them, in words
	Rows    int          `json:"rows"`    // for how many rows they were asked
	// Relation is what they are to the people and groups they review, in words.
	Relation Fact[string] `json:"relation"`
	// Conflicts are conflicts of interest: None says that they were looked for.
	Conflicts   Fact[[]Conflict] `json:"conflicts"`
	Delegations []Delegation     `json:"delegations"`   // by which others answered for them
	Reassigned  []Reassignment   `json:"reassigned"`    // of rows that went from them to others
	Left        time.Time        `json:"left,omitzero"` // when they left in the middle of it
}

// Conflict is a conflict of interest.
type Conflict struct {
	Kind   ConflictKind `json:"kind"`        // what kind of conflict it is
	About  string       `json:"about"`       // the group or row
	Words  string       `json:"words"`       // what it is
	Solved string       `json:"solved"`      // what was done about it; empty: nothing
	By     Actor        `json:"by,omitzero"` // who decided that
	At     time.Time    `json:"at,omitzero"`
}

// ConflictKind is a kind of conflict of interest.
type ConflictKind string

// The kinds of conflict of interest.
const (
	Administers ConflictKind = "administers_group" // can change the group by themselves
	Provisioned ConflictKind = "provisioned"       // gave the access under review
	ReportsTo   ConflictKind = "reports_to"        // reviews the access of who manages them
	IsThePerson ConflictKind = "is_the_person"     // it is their own access
)

// Delegation is that somebody answered in another one's place.
type Delegation struct {
	To     Actor     `json:"to"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Scope  string    `json:"scope"` // for what
	By     Actor     `json:"by"`    // who set it
	Reason string    `json:"reason,omitempty"`
}

// Reassignment is that rows went to another reviewer.
type Reassignment struct {
	To     Actor     `json:"to"`
	Rows   int       `json:"rows"`
	By     Actor     `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}
