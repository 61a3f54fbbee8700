package requests

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Submission is what a person asks for.
type Submission struct {
	ID           string // stable key of the submission (a view or envelope id): the same again makes no second request
	By           access.Person
	For          access.PersonID // the beneficiary; empty for By
	App          string
	Role         string
	Wanted       time.Duration
	Usual        bool // for as long as is usual for whoever gets it, in place of Wanted
	Reason       string
	Unlisted     string    // instead of App and Role: what isn't in the catalogue
	Conversation string    // https link to the conversation it came up in
	Starts       time.Time // when access is to begin; zero: as soon as there is a yes
	Via          access.Via
	Issue        access.Issue // of a request made in Jira's portal: its record is there already
}

// Refused says which of several submissions was refused; the refusal is inside.
type Refused struct {
	Item int // from 0
	Err  error
}

// Error is the refusal's sentence.
func (r *Refused) Error() string { return r.Err.Error() }

// Unwrap gives the refusal.
func (r *Refused) Unwrap() error { return r.Err }

// Submit takes an ask: it is checked, committed with everything that follows
// from it, and only then returned. The same submission again returns the
// request it made the first time. A refusal names the field it is about.
func (s *Service) Submit(ctx context.Context, sub Submission) (access.Request, error) {
	made, err := s.SubmitAll(ctx, []Submission{sub})
	if err != nil {
		return access.Request{}, err
	}
	return made[0], nil
}

// SubmitAll takes several asks of one person that were submitted together: all
// of them, in one unit of work, or none. They share their ID; the requests made
// share it as their origin. A refusal comes inside a *Refused.
func (s *Service) SubmitAll(ctx context.Context, subs []Submission) ([]access.Request, error) {
	ctx = s.units.Holding(ctx)
	asks := make([]access.Ask, len(subs))
	for i, sub := range subs {
		var err error
		if asks[i], err = s.ask(ctx, sub); err != nil {
			return nil, &Refused{i, err}
		}
	}
	if len(asks) == 0 {
		return nil, access.Refuse(access.Invalid, "app", "Please choose what you need.")
	}
	var made []access.Request
	err := s.units.Update(ctx, func(u *engine.Unit) (err error) {
		made, err = submitAll(u, asks, subs[0].Issue)
		return err
	})
	if err != nil {
		return nil, s.undetermined(ctx, err, asks)
	}
	return made, nil
}

// ask is what a submission asks for, if its sender may.
func (s *Service) ask(ctx context.Context, sub Submission) (access.Ask, error) {
	if automatic(engine.Offered(ctx, s.catalog), sub) { // nobody else decides
		var err error
		if sub.By, err = s.stages.anew(ctx, sub.By); err != nil {
			return access.Ask{}, err
		}
		return s.askOf(ctx, sub, s.people.Anew)
	}
	ask, err := s.askOf(ctx, sub, s.people.Person)
	if err != nil || sub.Unlisted != "" || ask.Judge(engine.Offered(ctx, s.catalog)).Outcome != catalog.ApprovedAlone {
		return ask, err
	}
	if sub.By, err = s.attributes.Sure(ctx, sub.By.ID); err != nil { // a rule decides by what is known at this moment
		return access.Ask{}, err
	}
	return s.askOf(ctx, sub, s.attributes.Sure)
}

// askOf is what a submission asks for, by the people in it as they are found.
func (s *Service) askOf(ctx context.Context, sub Submission, person func(context.Context, access.PersonID) (access.Person, error)) (access.Ask, error) {
	ask := access.Ask{
		ID: newRequestID(), Origin: sub.ID, Requester: sub.By, Beneficiary: sub.By,
		App: sub.App, Role: sub.Role, Wanted: sub.Wanted, Reason: sub.Reason, Unlisted: sub.Unlisted, Conversation: sub.Conversation,
		Starts: sub.Starts, Via: sub.Via, LapseAfter: s.lapseAfter(sub.Wanted, s.units.Now()),
	}
	if ask.Origin == "" {
		ask.Origin = ask.ID
	}
	if sub.For != "" && sub.For != sub.By.ID {
		p, err := person(ctx, sub.For)
		if err != nil {
			return ask, err
		}
		ask.Beneficiary = p
		by, err := s.authority.Caller(ctx, access.Actor{Person: sub.By.ID})
		if err == nil {
			err = s.mayAskFor(by, p, sub.App)
		}
		if err != nil {
			return ask, err
		}
	}
	role := catalog.RoleRef{App: sub.App, Role: sub.Role}
	ask.Around = s.around(ctx, sub.By, ask.Beneficiary, role)
	if sub.Usual {
		ask.Wanted = ask.Judge(engine.Offered(ctx, s.catalog)).Durations.Default
	}
	return ask, s.authority.Verified(ctx, sub.By.ID, ask.Beneficiary, role)
}

// automatic tells whether what is asked for needs nobody's yes by itself.
func automatic(c *catalog.Catalog, sub Submission) bool {
	_, role, known := c.Role(sub.App, sub.Role)
	route, routed := c.Route(role.Route)
	return sub.Unlisted == "" && known && routed && route.Automatic()
}

// submitAll submits what is not submitted yet. An issue that is there already
// becomes the record of the first.
func submitAll(u *engine.Unit, asks []access.Ask, issue access.Issue) ([]access.Request, error) {
	made, err := store.RequestsFrom(u.Tx, asks[0].Origin)
	if err != nil || len(made) > 0 {
		return made, err
	}
	for i, ask := range asks {
		r, err := submit(u, ask, issue, made...)
		issue = access.Issue{}
		if _, refused := access.AsRefusal(err); refused {
			return nil, &Refused{i, err}
		}
		if err != nil {
			return nil, err
		}
		made = append(made, r)
	}
	return made, nil
}

// submit makes a request. An issue that is there already becomes its record: the
// given one, or one that the person raised in the portal and has to complete.
// What is asked for with it is made already, also where nobody had to agree.
func submit(u *engine.Unit, ask access.Ask, issue access.Issue, with ...access.Request) (access.Request, error) {
	has, err := standingsIn(u, ask.Beneficiary.ID)
	if err != nil {
		return access.Request{}, err
	}
	has.Requests = append(has.Requests, approvedOf(with)...)
	r, e, effs, err := access.Submit(u.Catalog, ask, has, u.At)
	if err != nil {
		return r, err
	}
	note, err := asksAgain(u, ask)
	if err != nil {
		return r, err
	}
	e.Note = strings.TrimSpace(e.Note + " " + note)
	if issue.ID == "" {
		if issue, err = incomplete(u, ask); err != nil {
			return r, err
		}
	}
	if issue.ID == "" {
		err := engine.Begin(u, engine.Requests(), &r, e, effs...)
		return r, begun(u, r, err)
	}
	effs = slices.DeleteFunc(effs, func(eff access.Effect) bool { return eff.Kind == access.EffectOpenIssue })
	if err := engine.Begin(u, engine.Requests(), &r, e, effs...); err != nil {
		return r, err
	}
	if r, err = recordIn(u, r, issue); err != nil {
		return r, err
	}
	return r, begun(u, r, nil)
}

// approvedOf are those of some requests that are approved.
func approvedOf(list []access.Request) []access.Request {
	return slices.DeleteFunc(slices.Clone(list), func(r access.Request) bool { return r.State != access.RequestApproved })
}

// begun tells whoever asks during a pause that what they ask for will wait. More time
// for what is there, and what the catalogue doesn't have, gives nothing that could.
func begun(u *engine.Unit, r access.Request, err error) error {
	if err != nil || r.Extends != "" || r.Unlisted != "" {
		return err
	}
	return deferred(u, r)
}

// standingsIn is what a person has asked for and holds, in a unit that has some of it already.
func standingsIn(u *engine.Unit, who access.PersonID) (has access.Standings, err error) {
	ids, err := store.OpenRequestIDs(u.Tx, who)
	for _, id := range ids {
		r, err := u.Request(id)
		if err != nil {
			return has, err
		}
		has.Requests = append(has.Requests, r)
	}
	if err != nil {
		return has, err
	}
	has.Grants, err = store.OpenGrantsOf(u.Tx, who)
	return has, err
}

// newRequestID is short enough to be read out and long enough never to meet
// another: 32^8 possibilities, without letters that look like digits.
func newRequestID() string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	raw := make([]byte, 8)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	for i, b := range raw {
		raw[i] = letters[int(b)%len(letters)]
	}
	return "AR-" + string(raw)
}
