package stepup

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// prove takes what a directory states of who signed in. The wrong account ends the sign-in: its link, or its code, is
// with somebody else. Whoever began it and IT hear of that.
func (s *Service) prove(ctx context.Context, in store.SignIn, who idp.Authentication, byCode bool) error {
	if who.Account != in.Account {
		return s.refused(ctx, in, s.wrongAccount(ctx, in))
	}
	if why := who.Insufficient(s.units.Now(), s.terms.MaxAge, s.terms.Levels, s.terms.Methods); why != "" {
		again := "Open the link in Slack again."
		if byCode {
			again = "Sign out of " + named(in.Directory) + " and press the button in Slack again."
		}
		return s.refused(ctx, in, access.Refuse(access.Unproved, "", "You have signed in, but "+why+", so it doesn't count. "+again))
	}
	_, err := s.change(ctx, in.ID, func(u *engine.Unit, now *store.SignIn) error {
		if now.Browser != in.Browser || now.Account != in.Account {
			return access.Refuse(access.TooLate, "", "The link was opened again meanwhile. Go on there.")
		}
		now.Proof = &access.SignedIn{Directory: in.Directory, Account: who.Account, At: who.At, Level: who.Level, Methods: who.Methods, ByCode: byCode}
		return nil
	})
	return err
}

// wrongAccount ends a sign-in to which somebody else signed in.
func (s *Service) wrongAccount(ctx context.Context, in store.SignIn) error {
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		if err := store.DropSignIn(u.Tx, in.ID); err != nil {
			return err
		}
		who, err := people.ContactIn(u.Tx, in.By.Person)
		if err != nil {
			return err
		}
		what := s.what(u, in)
		marker := "step-up/" + in.ID
		err = notify.Announce(u, marker, in.By.Person, "Somebody else signed in for you: "+what,
			"Somebody signed in to another account in "+named(in.Directory)+" than the one that is known as yours. Nothing was decided.",
			"If it was you, press the button in Slack again and sign in to your own. If not, somebody has what was meant for you alone: tell IT.")
		if err != nil {
			return err
		}
		return notify.Alert(u, marker+"/it", "Somebody signed in for somebody else: "+what,
			fmt.Sprintf("%s was to sign in to %s, and somebody signed in to another account. Nothing was decided.", who, named(in.Directory)),
			"What they were given may have been passed on: ask them what happened.")
	})
	if err != nil {
		return err
	}
	return access.Refuse(access.NotAllowed, "", "You have signed in to another account than the one that is known as that of whoever pressed the button in Slack, so it counts for nothing, and they have been told. If somebody sent you this link: it was meant for them alone.")
}

// what is what a sign-in is for, as people call it.
func (s *Service) what(u *engine.Unit, in store.SignIn) string {
	r := access.Request{ID: in.Request}
	if e := in.Emergency; e != nil {
		r.App, r.Role = e.App, e.Role
	} else if found, err := u.Request(in.Request); err == nil {
		r = found
	}
	return notify.WhatOf(u, r)
}

// refused writes down that somebody was refused.
func (s *Service) refused(ctx context.Context, in store.SignIn, err error) error {
	return s.units.LogRefusal(ctx, in.Request, in.By, "sign in to do something", err)
}
