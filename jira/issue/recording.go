package issue

import (
	"slices"

	"latchkey/access"
	"latchkey/jira/site"
	"latchkey/jira/wording"
)

// recording is one event on its way to the issue.
type recording struct {
	w      *Writer
	s      *site.Site
	cs     access.Case
	e      access.Event
	with   []access.Event // told with it
	issue  string
	note   wording.Note
	state  access.IssueRecord
	placed position
	seen   string // the status that the issue was seen in just now; "" if it was not looked at
	wrote  bool   // something people can see was written in this attempt
}

// position is the status an issue was seen in last, and the last event that was
// recorded by then.
type position struct {
	status string
	n      uint64
}

// covers tells whether nothing can have been recorded between the position and the
// event, by another process for example: then the position still holds.
func (p position) covers(c access.Case, e access.Event, with ...access.Event) bool {
	if p.status == "" || e.N <= p.n {
		return false
	}
	for _, other := range c.Story {
		if other.N <= p.n || other.N >= e.N || slices.ContainsFunc(with, func(e access.Event) bool { return e.ID == other.ID }) {
			continue
		}
		if n, err := wording.ForEvent(c, other); err != nil || !n.Empty() || other.Kind == access.EventApproversAsked || other.Kind == access.EventTaken {
			return false // asking moves the issue without a word, and who takes a task on is shown in a field
		}
	}
	return true
}
