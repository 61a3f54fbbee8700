package access

import (
	"time"

	"latchkey/catalog"
)

// GivenBack is access that a review, or nobody's use of it, took away, and that is given back by the approval that it had.
type GivenBack struct {
	ID       string // of the grant to be; unique
	Was      Grant  // that ended
	Approved Request
	By       Actor
	Why      string // in words, for the log
}

// GiveBack makes the grant that gives back what a review took away, or what came back because nobody used it: for as long as
// was left of it. It waits until the issue is noted that says why. An approval that nobody gave gives nothing back.
func GiveBack(b GivenBack, at time.Time) (Grant, Event, error) {
	was := b.Was
	switch {
	case was.End != EndReviewed && was.End != EndReclaimed && was.End != EndReturned || was.State != GrantEnded:
		return Grant{}, Event{}, refuse(Invalid, "No review took this access away, and it wasn't given back, so there is nothing to restore.")
	case b.Approved.State != RequestApproved || b.Approved.GrantID() != was.ID && was.Request != b.Approved.ID:
		return Grant{}, Event{}, refuse(NotAllowed, "Nobody had approved this access, so it can't be given back. Please ask for it.")
	case was.Manual:
		return Grant{}, Event{}, refuse(Invalid, "This access is given by hand. Please ask for it anew.")
	case !was.Ends.IsZero() && !was.Ends.After(at):
		return Grant{}, Event{}, refuse(TooLate, "Its time would be up by now. Please ask for it anew.")
	}
	g := Grant{
		ID: b.ID, Person: was.Person, App: was.App, Role: was.Role, Source: SourceRestored, State: GrantWaiting,
		Wanted: catalog.Forever, Created: at, Exceptions: was.Exceptions,
	}
	if !was.Ends.IsZero() {
		g.Wanted = was.Ends.Sub(at)
	}
	e := g.Event(EventGrantStarted, b.By, at)
	for _, ent := range was.Entitlements {
		g.Entitlements = append(g.Entitlements, Entitlement{Group: ent.Group, State: EntitlementWanted})
		e.Groups = append(e.Groups, ent.Group)
	}
	e.Wanted, e.Note = g.Wanted, b.Why
	return g, e, nil
}
