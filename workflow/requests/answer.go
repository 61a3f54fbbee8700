package requests

import (
	"time"

	"latchkey/access"
	"latchkey/workflow/people"
)

// answer is one on its way into a request.
type answer struct {
	by     access.Actor
	as     access.EventKind
	reason string
	wanted time.Duration
	how    string // how it was established that it counts, where not at the moment of the answer
	note   string
	reused bool // it was given to an earlier stage

	signIn   string           // by which it comes (store.SignIn); "": by none
	signedIn *access.SignedIn // what that proved
}

func (w answer) event(r access.Request, found people.Found, at time.Time) access.Event {
	e := r.Event(w.as, w.by, at)
	e.Approvers, e.Unfound, e.Unread, e.Checked, e.Reason, e.Wanted = found.Who, found.Unfound, found.Unread, w.how, w.reason, w.wanted
	e.Note, e.Reused, e.SignedIn = w.note, w.reused, w.signedIn
	e.Delegates = found.Delegates
	if r.State == access.RequestPending && r.Stage < len(r.Stages) {
		e.For = r.Standing(w.by.Person, found.Delegates)
	}
	if b, known := found.As[w.by.Person]; known {
		e.Basis = &b
	}
	return e
}
