package stepup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// Way is how somebody signs in: by a link, or with a code.
type Way struct {
	Directory string
	Link      string // for them alone
	Code, At  string // what is typed in, and where
	Expires   time.Time
}

// Approve begins a sign-in for a yes. Whether its giver may say it is looked at before anybody signs in for nothing,
// and again when they have. Without one that needs it, nothing has to be signed in for: a refusal.
func (s *Service) Approve(ctx context.Context, d requests.Decision) (Way, error) {
	way, err := s.approve(ctx, d)
	return way, s.units.LogRefusal(ctx, d.Request, d.By, "answer", err)
}

func (s *Service) approve(ctx context.Context, d requests.Decision) (Way, error) {
	r, err := s.request(ctx, d.Request)
	if err != nil {
		return Way{}, err
	}
	if d.Seen > 0 && d.Seen != r.Stage+1 && r.State == access.RequestPending {
		return Way{}, access.Refuse(access.TooLate, "", "This card is from an earlier stage of the request. The newest card shows what is asked now.")
	}
	if err := s.mayApprove(ctx, r, d.By); err != nil {
		return Way{}, err
	}
	_, role, _ := engine.Offered(ctx, s.catalog).Role(r.App, r.Role)
	return s.begin(ctx, role, store.SignIn{By: d.By, Request: r.ID, Stage: r.Stage, Wanted: d.Wanted})
}

// mayApprove refuses who could say yes to nothing. What can't be found out now is found out later.
func (s *Service) mayApprove(ctx context.Context, r access.Request, by access.Actor) error {
	found, err := s.authority.Established(ctx, r, by)
	if _, refused := access.AsRefusal(err); err != nil && !refused && ctx.Err() == nil {
		return nil
	}
	if err == nil {
		err = r.MayDecide(by.Person, found.Who)
	}
	if err == nil {
		err = found.Doubt
	}
	return err
}

// TakeRole begins a sign-in for taking a role in an emergency.
func (s *Service) TakeRole(ctx context.Context, b requests.BreakGlass) (Way, error) {
	app, role, offered := engine.Offered(ctx, s.catalog).Role(b.App, b.Role)
	switch {
	case !offered || !role.BreakGlass:
		return Way{}, access.Refuse(access.NotAllowed, "role", "This role can't be taken in an emergency. Please ask for it.")
	case !catalog.Same(b.Typed, app.Name):
		return Way{}, access.Refuse(access.Invalid, "typed", "To take this role now, please type the app's name: "+app.Name)
	}
	return s.begin(ctx, role, store.SignIn{
		By:        access.Actor{Person: b.By.ID, Via: access.ViaSlack, Account: b.Account},
		Emergency: &store.Emergency{Origin: b.Origin, App: b.App, Role: b.Role, Wanted: b.Wanted, Reason: b.Reason, Incident: b.Incident, Typed: b.Typed},
	})
}

// begin begins a sign-in to the directory of a role, or to another one. An earlier one for the same is good no more.
func (s *Service) begin(ctx context.Context, role catalog.Role, in store.SignIn) (Way, error) {
	who, err := s.people.Anew(ctx, in.By.Person)
	if err != nil {
		return Way{}, err
	}
	d, err := s.where(role, who)
	if err != nil {
		return Way{}, err
	}
	in.ID, in.Directory, in.Account = rand.Text(), d.ID(), who.Account(d.ID())
	in.Begun = s.units.Now()
	in.Expires = in.Begun.Add(life)
	if _, able := idp.As[idp.Login](d); able && s.terms.Pages != "" {
		return s.byLink(ctx, in)
	}
	return s.byCode(ctx, d, in)
}

// where is the directory that somebody signs in to: the first in which the role opens something, or else of all, that
// people can sign in to and in which it is known which account is theirs.
func (s *Service) where(role catalog.Role, who access.Person) (idp.Directory, error) {
	var first idp.Directory
	var all people.Directories
	for _, id := range role.Directories() {
		if d, known := s.dirs.Get(id); known {
			all = append(all, d)
		}
	}
	for _, d := range append(all, s.dirs...) {
		if !s.able(d) {
			continue
		}
		if who.Surely(d.ID()) {
			return d, nil
		}
		if first == nil {
			first = d
		}
	}
	if first == nil {
		return nil, access.Refuse(access.NotAllowed, "", "This role needs you to sign in, and nobody can sign in to a directory here. IT has to set that up first.")
	}
	return nil, access.Refuse(access.Unproved, "", fmt.Sprintf("This role needs you to sign in to %s, and I don't know which account there is yours. Ask IT to confirm it.", named(first.ID())))
}

// able tells whether people can sign in to a directory, in a browser or with a code.
func (s *Service) able(d idp.Directory) bool {
	_, login := idp.As[idp.Login](d)
	_, code := idp.As[idp.SignIn](d)
	return login && s.terms.Pages != "" || code
}

func (s *Service) byLink(ctx context.Context, in store.SignIn) (Way, error) {
	secret := rand.Text()
	in.Link = digest(secret)
	if err := s.keep(ctx, in); err != nil {
		return Way{}, err
	}
	return Way{Directory: in.Directory, Link: s.terms.Pages + LinkPath + in.ID + "/" + secret, Expires: in.Expires}, nil
}

func (s *Service) byCode(ctx context.Context, d idp.Directory, in store.SignIn) (Way, error) {
	if err := s.keep(ctx, in); err != nil {
		return Way{}, err
	}
	code, err := s.codes.Begin(ctx, d, "step-up/"+string(in.By.Person)+"/"+about(in), func(idp.SignInCode) people.CodeUse { return codeUse{s, in} })
	if err != nil {
		return Way{}, errors.Join(err, s.units.Update(ctx, func(u *engine.Unit) error { return store.DropSignIn(u.Tx, in.ID) }))
	}
	return Way{Directory: in.Directory, Code: code.Code, At: code.URL, Expires: earlier(code.Expires, in.Expires)}, nil
}

// keep stores a sign-in in the place of an earlier one for the same.
func (s *Service) keep(ctx context.Context, in store.SignIn) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		told, err := u.Within(access.Actor{Person: in.By.Person}, access.LogSubject(), "sign in|"+about(in), begunIn)
		switch {
		case err != nil:
			return err
		case told.Times > mostBegun:
			until := told.Since.Add(begunIn)
			return access.Refuse(access.TooLate, "", fmt.Sprintf("You have begun this %d times in an hour. Try again after %s, or say no to it.", mostBegun, access.FullMoment(until)))
		}
		others, err := store.SignInsOf(u.Tx, in.By.Person)
		if err != nil {
			return err
		}
		for _, o := range others {
			if about(o) == about(in) {
				if err := store.DropSignIn(u.Tx, o.ID); err != nil {
					return err
				}
			}
		}
		in := in // this may run more than once
		return store.PutSignIn(u.Tx, &in)
	})
}

// about is what a sign-in is for, for comparing.
func about(in store.SignIn) string {
	if e := in.Emergency; e != nil {
		return "take " + e.App + "/" + e.Role
	}
	return "approve " + in.Request
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (s *Service) request(ctx context.Context, id string) (r access.Request, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		r, err = store.Request(tx, id)
		return err
	})
	return r, query.NotFound(err, query.UnknownRequest)
}
