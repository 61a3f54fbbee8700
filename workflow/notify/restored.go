package notify

import (
	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// announceRestored tells people of what was given back by the approval that it had before: its holder that it is there, or that it ends, IT of
// what is stuck.
func announceRestored(u *engine.Unit, g access.Grant, e access.Event) error {
	what, marker := g.Label(u.Catalog), "grant/"+e.ID
	switch {
	case e.Kind == access.EventStuck:
		name, err := people.ContactIn(u.Tx, g.Person)
		if err != nil {
			return err
		}
		if g.Revoking {
			return Call(u, marker, "Stuck while removing: "+what+" for "+name, e.Note,
				"The access may still be there. Latchkey goes on trying and finishes by itself once the cause is gone.")
		}
		return Announce(u, marker, "", "Stuck: "+what+" for "+name+", which is given back", e.Note, "Retry it from what is stuck, once the cause is gone.")
	case e.Kind == access.EventMemberAdded && g.State == access.GrantActive:
		return Announce(u, marker, g.Person, "You have "+what+" again", "It was given back, by the approval that it had before.")
	case e.Kind == access.EventEnding && e.End == access.EndUnrecorded:
		return Announce(u, marker, "", what+" wasn't given back", "The issue that says why was deleted, or is hidden from Latchkey.")
	case e.Kind == access.EventEnding && (e.End == access.EndReclaimed || e.End == access.EndReturned):
		return nil // the card says so by which it was asked whether it is still needed
	case e.Kind == access.EventEnding && e.End != access.EndLeft && e.End != access.EndOffboarded:
		return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", e.Reason)
	}
	return nil
}
