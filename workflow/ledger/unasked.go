package ledger

import (
	"latchkey/access"
	"latchkey/workflow/engine"
)

// recordUnasked tells the issue of what nobody asked for about an event, where it has one.
func recordUnasked(u *engine.Unit, e access.Event) error {
	g, there, err := grantOfEvent(u, e)
	switch {
	case err != nil:
		return err
	case there && g.Recorded():
		return recordBirthright(u, g, e)
	}
	return recordFound(u, e)
}
