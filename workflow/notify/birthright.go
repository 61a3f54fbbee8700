package notify

import (
	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// announceBirthright tells people of what came, or was to come, with who they are: its holder of an end, IT of what is stuck.
func announceBirthright(u *engine.Unit, g access.Grant, e access.Event) error {
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
		return Announce(u, marker, "", "Stuck: "+what+" for "+name+", which comes by the birthright "+g.Birthright, e.Note, "Retry it from what is stuck, once the cause is gone.")
	case e.Kind != access.EventEnding || e.End == access.EndLeft || e.End == access.EndOffboarded:
		return nil
	case e.End == access.EndMoved:
		return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", "It came with your job as it was. If you need it, please ask for it.")
	case e.End == access.EndExpired:
		return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", "The time for which it came with your job is up. If you need it, please ask for it.")
	case e.End == access.EndUnrecorded:
		return Announce(u, marker, "", what+" wasn't given", "It comes by the birthright "+g.Birthright+", and the issue that says so was deleted, or is hidden from Latchkey. It is given at the next look, with another issue.")
	}
	return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", e.Reason)
}
