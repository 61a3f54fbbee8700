package access

import "time"

// TicketEvidence is what an issue alone says about a request: nothing in it comes
// from Latchkey's own store.
type TicketEvidence struct {
	Issue      Issue
	Title      string
	Status     string // as Jira shows it
	Record     IssueRecord
	Statements []Statement // one for each event: of two comments the one that says more
}

// Statement is one thing that Latchkey wrote on an issue about an event.
type Statement struct {
	Event  string // id of the event
	Leaf   Hash   // as the comment carries it
	Text   string // what people read
	Public bool   // the customer reads it too
	At     time.Time
}
