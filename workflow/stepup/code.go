package stepup

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// codeUse is a sign-in with a code. There is no page of ours on which somebody could go through with it, so whoever
// signs in does.
type codeUse struct {
	service *Service
	in      store.SignIn
}

// SignedIn implements people.CodeUse. It may be told again, after a failure.
func (c codeUse) SignedIn(ctx context.Context, who idp.Authentication) error {
	s := c.service
	in, err := s.load(ctx, c.in.ID)
	if err == nil && who.Account != in.Account {
		if err = s.prove(ctx, in, who, true); lost(err) {
			return err
		}
		return nil // that is told by itself
	}
	if err == nil && in.Proof == nil {
		if err = s.prove(ctx, in, who, true); err == nil {
			in, err = s.load(ctx, c.in.ID)
		}
	}
	var done Done
	if err == nil {
		done, err = s.carryOut(ctx, in)
	}
	if lost(err) {
		return err
	}
	return s.answered(ctx, c.in, done, err)
}

// GaveUp implements people.CodeUse.
func (c codeUse) GaveUp(ctx context.Context) {
	err := c.service.units.Update(ctx, func(u *engine.Unit) error {
		in, err := store.LoadSignIn(u.Tx, c.in.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return c.service.lapse(u, in)
	})
	if err != nil {
		c.service.log.WarnContext(ctx, "that nobody signed in can't be told", "error", err)
	}
}

// answered tells whoever signed in with a code what came of it: no page of ours does.
func (s *Service) answered(ctx context.Context, in store.SignIn, done Done, refusal error) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		if err := drop(u, in.ID); err != nil {
			return err
		}
		what, marker := s.what(u, in), "step-up/"+in.ID+"/done"
		switch {
		case refusal != nil:
			return notify.Announce(u, marker, in.By.Person, "Your sign-in counts for nothing: "+what, refusal.Error())
		case done.Kept:
			return notify.Announce(u, marker, in.By.Person, "You have signed in: "+what, "Your yes is kept, because a directory doesn't answer. It counts as soon as it is known that you may give it.")
		case in.Emergency != nil:
			return nil // the request's own message follows
		}
		return notify.Announce(u, marker, in.By.Person, "You have signed in and approved "+what, "Your yes is recorded with your sign-in to "+named(in.Directory)+". If that wasn't you, tell IT at once.")
	})
}

func drop(u *engine.Unit, id string) error {
	_, err := store.LoadSignIn(u.Tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return store.DropSignIn(u.Tx, id)
}

// lapse lets go of a sign-in that came to nothing, and tells whoever was to sign in.
func (s *Service) lapse(u *engine.Unit, in store.SignIn) error {
	if err := store.DropSignIn(u.Tx, in.ID); err != nil {
		return err
	}
	return lapsed(u, in, s.what(u, in))
}

func lapsed(u *engine.Unit, in store.SignIn, what string) error {
	if r, err := u.Request(in.Request); in.Request != "" && (err != nil || r.State != access.RequestPending || r.Stage != in.Stage) {
		return nil // others have decided, so nothing waits for it
	}
	was := "Nobody signed in to " + named(in.Directory) + " in time, so your yes counts for nothing."
	if in.Emergency != nil {
		was = "Nobody signed in to " + named(in.Directory) + " in time, so you don't have the role."
	}
	return notify.Announce(u, "step-up/"+in.ID+"/lapsed", in.By.Person, "Not signed in: "+what, was, "Press the button again when you like.")
}
