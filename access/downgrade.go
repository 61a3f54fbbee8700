package access

import (
	"time"

	"latchkey/catalog"
)

// Downgraded is a lower role that is given in the place of a higher one.
type Downgraded struct {
	ID     string // of the grant to be; unique
	Was    Grant  // the higher one
	Role   catalog.Role
	Holder Person
	Why    string // in words, for the log
}

// Downgrade makes the grant of a lower role: for as long as is left of the higher one. It waits until the issue is noted that
// says why. Whoever may not have the lower role gets none.
func Downgrade(d Downgraded, app catalog.App, at time.Time) (Grant, Event, error) {
	switch {
	case !d.Was.Live():
		return Grant{}, Event{}, refuse(Invalid, "There is nothing in the place of which this could be given.")
	case d.Role.ID == d.Was.Role || len(d.Role.Groups) == 0:
		return Grant{}, Event{}, refuse(Invalid, "This is no lower role that can be given.")
	case !app.Offered():
		return Grant{}, Event{}, refuse(NotAllowed, "This app isn't offered any more.")
	case !d.Was.Ends.IsZero() && !d.Was.Ends.After(at):
		return Grant{}, Event{}, refuse(TooLate, "Its time is up.")
	}
	if err := inAudience(d.Holder, app, d.Role); err != nil {
		return Grant{}, Event{}, err
	}
	g := Grant{
		ID: d.ID, Person: d.Was.Person, App: d.Was.App, Role: d.Role.ID, Source: SourceDowngraded, State: GrantWaiting,
		Wanted: catalog.Forever, Created: at,
	}
	if !d.Was.Ends.IsZero() {
		g.Wanted = d.Was.Ends.Sub(at)
	}
	e := g.Event(EventGrantStarted, System(), at)
	for _, ref := range d.Role.Groups {
		g.Entitlements = append(g.Entitlements, Entitlement{Group: ref, State: EntitlementWanted})
		e.Groups = append(e.Groups, ref)
	}
	e.Wanted, e.Note = g.Wanted, d.Why
	return g, e, nil
}
