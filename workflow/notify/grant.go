package notify

import (
	"fmt"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// announceGrant tells people of a grant that nobody asked for, which has no
// cards: its holder of an end that is set or begun, IT of what is stuck.
func announceGrant(u *engine.Unit, e access.Event) error {
	g, err := u.Grant(e.Grant)
	if err != nil {
		return err
	}
	if g.Source == access.SourceBirthright {
		return announceBirthright(u, g, e)
	}
	if g.Source == access.SourceRestored {
		return announceRestored(u, g, e)
	}
	what, marker := g.Label(u.Catalog), "grant/"+e.ID
	switch {
	case e.Kind == access.EventStuck:
		name, err := people.ContactIn(u.Tx, g.Person)
		if err != nil {
			return err
		}
		return Call(u, marker, "Stuck while removing: "+what+" for "+name,
			fmt.Sprintf("%s was to lose the access %s, found without a request.", name, g.ID), e.Note,
			"The access may still be there. Latchkey goes on trying and finishes by itself once the cause is gone.")
	case e.Kind == access.EventAdopted && !g.Ends.IsZero():
		return Announce(u, marker, g.Person, "Your access to "+what,
			"You have this access, but there is no request for it. It is kept until "+access.FullMoment(g.Ends)+". If you need it for longer, please ask for it.")
	case e.Kind == access.EventEnding && e.End == access.EndUnexplained:
		return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", "There is no request for it. If you need it, please ask for it.")
	case e.Kind == access.EventEnding && e.End == access.EndReviewed:
		return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", "It was revoked at an access review. If you still need it, please ask for it.")
	case e.Kind == access.EventEnding && e.End == access.EndExpired:
		return Announce(u, marker, g.Person, "Your access to "+what+" is being removed", "The time it was kept for without a request is up. If you need it, please ask for it.")
	}
	return nil
}
