package ledger

import (
	"latchkey/access"
	"latchkey/workflow/engine"
)

// standIn is told instead of an event that can't be read back: that something happened,
// and when, is known of its id alone.
func standIn(c access.Case, id string) access.Event {
	e := c.Request.Event(access.EventNote, access.System(), access.TimeOf(id))
	e.ID, e.Note = id, "Something happened that can't be read back from Latchkey's store, so it isn't told here."
	return e
}

// awaitState has it said among what is stuck that a part of a story is lost, and the
// rest written when it is there again.
func awaitState(u *engine.Unit, request string) error {
	_, err := u.Enqueue(stateTask(request))
	return err
}
