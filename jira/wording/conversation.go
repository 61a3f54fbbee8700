package wording

import (
	"latchkey/access"
)

// questioned and replied keep a conversation where the customer reads it too.
func questioned(c access.Case, e access.Event) Note {
	return publicNote(recordedBy(c, "Asked", e), e.Reason)
}

func replied(c access.Case, e access.Event) Note {
	if e.Actor.Via == access.ViaJira {
		return Note{} // it stands there already
	}
	return publicNote(recordedBy(c, "Said", e), e.Reason)
}
