package stepup

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/requests"
)

// Pending is what somebody has signed in for, before they go through with it.
type Pending struct {
	SignIn    string
	Form      string // comes back with what they press: only the browser that signed in knows it
	App, Role string
	For       access.PersonID // who gets it
	Asks      access.PersonID // who asked for it
	Wanted    time.Duration
	Reason    string
	Emergency bool
	By        access.PersonID
	Begun     time.Time
}

// Look is what a browser that has signed in is about to do. It says whom it concerns only to a browser that has
// signed in to the right account.
func (s *Service) Look(ctx context.Context, id, secret string) (Pending, error) {
	in, err := s.proved(ctx, id, secret)
	if err != nil {
		return Pending{}, err
	}
	p := Pending{SignIn: id, Form: derived(secret, "form"), By: in.By.Person, Begun: in.Begun}
	if e := in.Emergency; e != nil {
		p.App, p.Role, p.For, p.Asks, p.Wanted, p.Reason, p.Emergency = e.App, e.Role, in.By.Person, in.By.Person, e.Wanted, e.Reason, true
		return p, nil
	}
	r, err := s.request(ctx, in.Request)
	if err != nil {
		return Pending{}, err
	}
	p.App, p.Role, p.For, p.Asks, p.Wanted, p.Reason = r.App, r.Role, r.Beneficiary, r.Requester, r.Allowed, r.Reason
	if in.Wanted != 0 {
		p.Wanted = in.Wanted
	}
	return p, nil
}

// proved is a sign-in that a browser has come back from, with what it must have.
func (s *Service) proved(ctx context.Context, id, secret string) (store.SignIn, error) {
	in, err := s.load(ctx, id)
	switch {
	case err != nil:
		return in, err
	case secret == "" || in.Browser == "" || !same(digest(secret), in.Browser):
		return in, access.Refuse(access.NotAllowed, "", "This browser isn't the one that signed in. Open the link in Slack again, in this browser.")
	case in.Proof == nil:
		return in, access.Refuse(access.Unproved, "", "Nobody has signed in yet. Open the link in Slack again.")
	}
	return in, nil
}

// Done is what came of it.
type Done struct {
	Request access.Request
	Kept    bool // whether it counts is not known yet: a directory is silent
}

// Confirm does what somebody has signed in for. form has to be the one that Look gave.
func (s *Service) Confirm(ctx context.Context, id, secret, form string) (Done, error) {
	in, err := s.proved(ctx, id, secret)
	if err != nil {
		return Done{}, err
	}
	if !same(form, derived(secret, "form")) {
		return Done{}, s.refused(ctx, in, access.Refuse(access.NotAllowed, "", "This didn't come from the page that you were shown. Open the link in Slack again."))
	}
	return s.carryOut(ctx, in)
}

// carryOut does what a sign-in is for, by the door that everything of its kind goes through.
func (s *Service) carryOut(ctx context.Context, in store.SignIn) (Done, error) {
	if e := in.Emergency; e != nil {
		who, err := s.people.Anew(ctx, in.By.Person)
		if err != nil {
			return Done{}, err
		}
		r, err := s.requests.SubmitBreakGlass(ctx, requests.BreakGlass{
			Origin: e.Origin, By: who, Account: in.By.Account, App: e.App, Role: e.Role, Wanted: e.Wanted, Reason: e.Reason, Incident: e.Incident, Typed: e.Typed, SignIn: in.ID,
		})
		return Done{Request: r}, err
	}
	r, err := s.requests.Decide(ctx, requests.Decision{Request: in.Request, Seen: in.Stage + 1, By: in.By, Yes: true, Wanted: in.Wanted, SignIn: in.ID})
	_, kept := r.Kept(in.By.Person)
	return Done{Request: r, Kept: kept && err == nil}, err
}

// lost tells a failure of ours from an answer to whoever waits.
func lost(err error) bool {
	_, refused := access.AsRefusal(err)
	return err != nil && !refused && !errors.Is(err, context.Canceled)
}
