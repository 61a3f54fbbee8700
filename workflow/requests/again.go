package requests

import (
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Nobody asks for the same for the same person more often than this in such a time:
// each time an issue is opened, and somebody is asked or a group is changed.
const (
	mostAsked = 20
	askedIn   = 24 * time.Hour
)

// asksAgain counts an ask among those for the same, and says how often that was asked
// for where it isn't the first times. More of them than anybody needs are refused.
func asksAgain(u *engine.Unit, ask access.Ask) (note string, err error) {
	told, err := u.Within(access.Actor{Person: ask.Requester.ID}, access.LogSubject(), fmt.Sprintf("ask|%s|%s|%s", ask.App, ask.Role, ask.Beneficiary.ID), askedIn)
	switch {
	case err != nil:
		return "", err
	case told.Times > mostAsked:
		return "", access.Refuse(access.NotAllowed, "role", fmt.Sprintf(
			"You have asked for this %d times since %s, and nothing more is taken from you until a day after that. If something doesn't work as it should, tell IT.", mostAsked, when(told.Since)))
	}
	return told.Counted("The same was asked for"), nil
}

// withdrawnAgain says how often somebody took back what they asked for, where it isn't
// the first times.
func withdrawnAgain(u *engine.Unit, r access.Request, by access.Actor) (string, error) {
	told, err := u.Within(access.Actor{Person: by.Person}, access.LogSubject(), fmt.Sprintf("withdraw|%s|%s|%s", r.App, r.Role, r.Beneficiary), askedIn)
	return told.Counted("The same was asked for and withdrawn"), err
}

func when(t time.Time) string { return "on " + t.UTC().Format("2 January at 15:04 UTC") }
