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

// What one person does again and again besides, at most: each time cards are drawn anew,
// and for most of it the record is written to and somebody is told.
const (
	mostClaimed = 20 // of one request in askedIn, to and fro with somebody else
	mostPaused  = 10 // in askedIn, each with an issue of its own
	mostRetried = 60 // of one request in retriedIn
	retriedIn   = time.Hour
)

// claimsAgain refuses whoever takes a request over more often than helps anybody.
func claimsAgain(u *engine.Unit, r access.Request, by access.Actor) error {
	told, err := within(u, by, access.RequestSubject(r.ID), "claim", askedIn)
	if err == nil && told.Times > mostClaimed {
		err = access.Refuse(access.NotAllowed, "", fmt.Sprintf("You have taken this over %d times since %s, and nobody sees it again until a day after that. You can still answer it.", mostClaimed, access.FullMoment(told.Since)))
	}
	return err
}

// takesAgain refuses whoever takes a change by hand over more often than helps anybody.
func takesAgain(u *engine.Unit, g access.Grant, by access.Actor) error {
	told, err := within(u, by, access.RequestSubject(g.Request), "take", askedIn)
	if err == nil && told.Times > mostClaimed {
		err = access.Refuse(access.NotAllowed, "", fmt.Sprintf("You have taken this over %d times since %s, and nobody sees it again until a day after that. You can still say that it is done.", mostClaimed, access.FullMoment(told.Since)))
	}
	return err
}

// retriesAgain says how often somebody had the same tried again, where it isn't the
// first times, and refuses more than can help: what fails for another reason each time
// is tried by itself, too.
func retriesAgain(u *engine.Unit, about access.Subject, what string, by access.Actor) (note string, err error) {
	told, err := within(u, by, about, "retry|"+what, retriedIn)
	if err == nil && told.Times > mostRetried {
		err = access.Refuse(access.NotAllowed, "", fmt.Sprintf("You have had this tried again %d times since %s, and it fails each time: it needs something else than another attempt. Press again an hour after that.", mostRetried, access.FullMoment(told.Since)))
	}
	return told.Counted("It was tried again by hand"), err
}

// pausesAgain is the same for pauses. Somebody else of IT can still begin one.
func pausesAgain(u *engine.Unit, by access.Actor) (note string, err error) {
	told, err := within(u, by, access.LogSubject(), "pause", askedIn)
	if err == nil && told.Times > mostPaused {
		err = access.Refuse(access.NotAllowed, "", fmt.Sprintf("You have paused new access %d times since %s. Until a day after that, somebody else of IT has to do it, for as long as it takes.", mostPaused, access.FullMoment(told.Since)))
	}
	return told.Counted("New access was paused"), err
}

// within counts what somebody does, whatever way they do it.
func within(u *engine.Unit, by access.Actor, about access.Subject, what string, in time.Duration) (engine.Told, error) {
	who := access.Actor{Person: by.Person}
	if by.Person == "" {
		who = access.Actor{Via: by.Via, Account: by.Account}
	}
	return u.Within(who, about, what, in)
}

// asksAgain counts an ask among those for the same, and says how often that was asked
// for where it isn't the first times. More of them than anybody needs are refused.
func asksAgain(u *engine.Unit, ask access.Ask) (note string, err error) {
	told, err := u.Within(access.Actor{Person: ask.Requester.ID}, access.LogSubject(), fmt.Sprintf("ask|%s|%s|%s", ask.App, ask.Role, ask.Beneficiary.ID), askedIn)
	switch {
	case err != nil:
		return "", err
	case told.Times > mostAsked:
		return "", access.Refuse(access.NotAllowed, "role", fmt.Sprintf(
			"You have asked for this %d times since %s, and nothing more is taken from you until a day after that. If something doesn't work as it should, tell IT.", mostAsked, access.FullMoment(told.Since)))
	}
	return told.Counted("The same was asked for"), nil
}

// withdrawnAgain says how often somebody took back what they asked for, where it isn't
// the first times.
func withdrawnAgain(u *engine.Unit, r access.Request, by access.Actor) (string, error) {
	told, err := u.Within(access.Actor{Person: by.Person}, access.LogSubject(), fmt.Sprintf("withdraw|%s|%s|%s", r.App, r.Role, r.Beneficiary), askedIn)
	return told.Counted("The same was asked for and withdrawn"), err
}
