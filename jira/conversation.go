package jira

import (
	"latchkey/access"
)

// questioned and replied keep a conversation where the customer reads it too.
func questioned(c access.Case, e access.Event) note {
	return say(act(c, "Asked", e), e.Reason)
}

func replied(c access.Case, e access.Event) note {
	if e.Actor.Via == access.ViaJira {
		return note{} // it stands there already
	}
	return say(act(c, "Said", e), e.Reason)
}
