package requests

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
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
		return nil, err
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

// around is what the policy asks beyond what is known of people anyway.
func (s *Service) around(ctx context.Context, by, holder access.Person, role catalog.RoleRef) access.Circumstances {
	if s.attributes == nil {
		return access.Circumstances{}
	}
	return s.attributes.Around(ctx, by, holder, role)
}

// automatic tells whether what is asked for needs nobody's yes by itself.
func automatic(c *catalog.Catalog, sub Submission) bool {
	_, role, known := c.Role(sub.App, sub.Role)
	route, routed := c.Route(role.Route)
	return sub.Unlisted == "" && known && routed && route.Automatic()
}

// mayAskFor tells whether somebody may ask for another person. An app that is
// empty or unknown has no owners.
func (s *Service) mayAskFor(by people.Caller, beneficiary access.Person, app string) error {
	return s.authority.May(by, people.ActAskFor, people.Matter{App: app, Holder: beneficiary})
}

// submitAll submits what is not submitted yet. An issue that is there already
// becomes the record of the first.
func submitAll(u *engine.Unit, asks []access.Ask, issue access.Issue) ([]access.Request, error) {
	made, err := store.RequestsFrom(u.Tx, asks[0].Origin)
	if err != nil || len(made) > 0 {
		return made, err
	}
	for i, ask := range asks {
		r, err := submit(u, ask, issue)
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
func submit(u *engine.Unit, ask access.Ask, issue access.Issue) (access.Request, error) {
	has, err := standingsIn(u, ask.Beneficiary.ID)
	if err != nil {
		return access.Request{}, err
	}
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

// begun tells whoever asks during a pause that what they ask for will wait. More time
// for what is there, and what the catalogue doesn't have, gives nothing that could.
func begun(u *engine.Unit, r access.Request, err error) error {
	if err != nil || r.Extends != "" || r.Unlisted != "" {
		return err
	}
	return deferred(u, r)
}

// standings are what a person has asked for and holds.
func standings(tx store.Tx, who access.PersonID) (has access.Standings, err error) {
	if has.Requests, err = store.OpenRequestsOf(tx, who); err != nil {
		return has, err
	}
	has.Grants, err = store.OpenGrantsOf(tx, who)
	return has, err
}

// standingsIn is standings in a unit, which has some of it already.
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

// Objections are what Submit would refuse about each role, whatever else is
// filled in; nil where nothing stands against it.
func (s *Service) Objections(ctx context.Context, by, beneficiary access.Person, roles []catalog.RoleRef) ([]*access.Refusal, error) {
	out, known := make([]*access.Refusal, len(roles)), engine.Offered(ctx, s.catalog)
	caller, err := s.authority.Caller(ctx, access.Actor{Person: by.ID})
	if err != nil {
		return nil, err
	}
	around := make([]access.Circumstances, len(roles))
	for i, r := range roles {
		around[i] = s.around(ctx, by, beneficiary, r)
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		has, err := standings(tx, beneficiary.ID)
		if err != nil {
			return err
		}
		for i, r := range roles {
			err := s.mayAskFor(caller, beneficiary, r.App)
			if err == nil {
				err = access.Ask{Requester: by, Beneficiary: beneficiary, App: r.App, Role: r.Role, Wanted: usual(known, r), Around: around[i]}.Objection(known, has)
			}
			if err == nil {
				err = s.authority.Verified(ctx, by.ID, beneficiary, r)
			}
			out[i], _ = access.AsRefusal(err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for what stands against a request: %w", err)
	}
	return out, nil
}

// Judgement is what the policy says where somebody would ask for a role for somebody, themselves or
// another. It decides nothing: what is asked for is judged again.
func (s *Service) Judgement(ctx context.Context, by, beneficiary access.Person, role catalog.RoleRef) catalog.Judgement {
	c := engine.Offered(ctx, s.catalog)
	return access.Ask{Requester: by, Beneficiary: beneficiary, App: role.App, Role: role.Role, Wanted: usual(c, role), Around: s.around(ctx, by, beneficiary, role)}.Judge(c)
}

// Shown is the catalogue as somebody sees it. It keeps nothing secret: whoever names what they aren't shown
// reads that it isn't offered to them.
func (s *Service) Shown(ctx context.Context, who access.Person) *catalog.Catalog {
	c := engine.Offered(ctx, s.catalog)
	if !c.Policy().Hides() {
		return c
	}
	return access.Shown(c, who, s.around(ctx, who, who, catalog.RoleRef{}))
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

// usual is how long a role is asked for where nobody has said it.
func usual(c *catalog.Catalog, ref catalog.RoleRef) time.Duration {
	_, role, _ := c.Role(ref.App, ref.Role)
	return role.Durations.Default
}
