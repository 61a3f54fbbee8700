package requests

import (
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// purpose is what a sign-in is good for: a yes to one stage of a request, or taking a role.
type purpose struct {
	request   string
	stage     int
	app, role string
	wanted    time.Duration
}

// yesTo is the purpose of an answer to a request where it stands.
func yesTo(r access.Request, w answer) purpose {
	return purpose{request: r.ID, stage: r.Stage, wanted: w.wanted}
}

// meant is what a sign-in was asked for.
func meant(s store.SignIn) purpose {
	if e := s.Emergency; e != nil {
		return purpose{app: e.App, role: e.Role, wanted: e.Wanted}
	}
	return purpose{request: s.Request, stage: s.Stage, wanted: s.Wanted}
}

// spend takes the sign-in by which somebody does something, and what it proved: it is good for one purpose of
// one person, and once, because it goes in the same unit of work. "" is no sign-in.
func spend(u *engine.Unit, id string, by access.Actor, to purpose) (*access.SignedIn, error) {
	if id == "" {
		return nil, nil
	}
	s, err := store.LoadSignIn(u.Tx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, access.Refuse(access.TooLate, "", "This sign-in was used already, or its time is up. If it isn't decided yet, press the button in Slack again.")
	case err != nil:
		return nil, err
	case s.By.Person != by.Person || meant(s) != to || s.Proof == nil || s.Proof.Directory != s.Directory || s.Proof.Account != s.Account:
		return nil, access.Refuse(access.NotAllowed, "", "This sign-in is for something else. Press the button in Slack again.")
	case !u.At.Before(s.Expires):
		return nil, access.Refuse(access.TooLate, "", "This sign-in took too long. Press the button in Slack again.")
	}
	known, err := store.Person(u.Tx, by.Person)
	if err != nil {
		return nil, err
	}
	if known.Account(s.Directory) != s.Account {
		return nil, access.Refuse(access.Unproved, "", "The account that was signed in to isn't known as yours any more, so it counts for nothing.")
	}
	return s.Proof, store.DropSignIn(u.Tx, id)
}
