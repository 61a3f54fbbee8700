package notify

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// This file follows what is told because something else has not happened: access that
// isn't there a minute after the yes to it, and that is stuck for longer than a moment.

const (
	// lookingFor is how long somebody who asked still looks at what they see, and for how
	// long what happens is told together.
	lookingFor = time.Minute
	// patience is after how long whoever waits is told that something is stuck.
	patience = 10 * time.Minute
	// brief is access of which nobody has to be told that it has ended as they knew.
	brief = 24 * time.Hour
	// meanwhile is how long a unit of work that began before a moment may take to be
	// committed after it.
	meanwhile = time.Second
)

// underWay is that there is a yes, and access that is to be set up. By hand that takes its
// time; else whoever waits hears of it if it does.
func (p *postings) underWay(e access.Event) {
	switch {
	case len(p.asked) == 0: // their first message says so
	case p.grant.manual:
		p.tell(NewsApproved)
	default:
		p.approved = e.At
	}
}

// in is that the access is there. Whoever got it at once, and still looks at their first
// message, reads it there.
func (p *postings) in(e access.Event) {
	n := NewsIn
	switch {
	case p.told:
		n = NewsMended
	case len(p.asked) == 0 && !p.grant.manual && e.At.Sub(p.begun) <= lookingFor:
		n = NewsInAtOnce
	}
	p.approved, p.stuck, p.told = time.Time{}, time.Time{}, false
	p.tell(n)
}

// wait tells what has been waited for in vain until a moment.
func (p *postings) wait(until time.Time) {
	if !p.approved.IsZero() && until.After(p.approved.Add(lookingFor)) {
		p.tell(NewsApproved)
		p.approved = time.Time{}
		if !p.stuck.IsZero() { // which it says
			p.stuck, p.told = time.Time{}, true
		}
	}
	if !p.stuck.IsZero() && until.After(p.stuck.Add(patience)) {
		p.tell(NewsStuck)
		p.stuck, p.told = time.Time{}, true
	}
}

// next is when it is to be looked again whether something has been waited for in vain;
// zero for never.
func (p *postings) next() (at time.Time) {
	if !p.stuck.IsZero() {
		at = p.stuck.Add(patience + 2*meanwhile)
	}
	if !p.approved.IsZero() { // which is sooner
		at = p.approved.Add(lookingFor + 2*meanwhile)
	}
	return at
}

// lookLater has it looked again when something may have been waited for in vain. What
// has come meanwhile takes that back.
func (p *postings) lookLater(u *engine.Unit) error {
	id := "later/" + p.request.ID
	if at := p.next(); !at.IsZero() {
		_, err := u.EnqueueFor(store.Task{ID: id, Queue: Queue, Kind: laterTask, Subject: access.RequestSubject(p.request.ID), Priority: store.Notices}, at)
		return err
	}
	if len(p.asked) == 0 && p.grant.groups == 0 {
		return nil // nothing was ever waited for
	}
	return u.Drop(id)
}

// inVain tells whether what was waited for when a card was drawn hasn't come by now. While
// the card is on its way, nobody else can have it shown again. At the very moment from which
// on it is looked again a card says what it said before: drawn anew then, it would be for ever.
func inVain(c Content, now time.Time) bool {
	r, ok := c.(RequestContent)
	return ok && !r.Looks.IsZero() && now.After(r.Looks.Add(-meanwhile))
}

// choose is one of two.
func choose(first bool, a, b News) News {
	if first {
		return a
	}
	return b
}
