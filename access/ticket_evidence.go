package access

import "time"

// TicketEvidence is what an issue alone says about a request: nothing in it comes
// from Latchkey's own store.
type TicketEvidence struct {
	Issue      Issue
	Title      string
	Status     string // as Jira shows it
	Statements []Statement
}

// Statement is one thing that Latchkey wrote on an issue about an event.
type Statement struct {
	Event  Event  // as the comment carries it, to be checked against its hash
	Text   string // what people read
	Public bool   // the customer reads it too
	At     time.Time
}
