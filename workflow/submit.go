package workflow

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

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

// Refused says which of several submissions was refused; the refusal is inside.
type Refused struct {
	Item int // from 0
	Err  error
}

// Error is the refusal's sentence.
func (r *Refused) Error() string { return r.Err.Error() }

// Unwrap gives the refusal.
func (r *Refused) Unwrap() error { return r.Err }

// SubmitAll takes several asks of one person that were submitted together: all
// of them, in one transaction, or none. They share their ID; the requests made
// share it as their origin. A refusal comes inside a *Refused.
func (s *Service) SubmitAll(ctx context.Context, subs []Submission) ([]access.Request, error) {
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
	err := s.update(ctx, func(st *step) (err error) {
		made, err = st.submitAll(asks, subs[0].Issue)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// submitAll submits what is not submitted yet. An issue that is there already
// becomes the record of the first.
func (st *step) submitAll(asks []access.Ask, issue access.Issue) ([]access.Request, error) {
	made, err := store.RequestsFrom(st.tx, asks[0].Origin)
	if err != nil || len(made) > 0 {
		return made, err
	}
	for i, ask := range asks {
		r, err := st.submitIn(ask, issue)
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

func (s *Service) ask(ctx context.Context, sub Submission) (access.Ask, error) {
	ask := access.Ask{
		ID: newRequestID(), Origin: sub.ID, Requester: sub.By, Beneficiary: sub.By,
		App: sub.App, Role: sub.Role, Wanted: sub.Wanted, Reason: sub.Reason, Unlisted: sub.Unlisted, Conversation: sub.Conversation,
		Via: sub.Via, LapseAfter: s.Lapse,
	}
	if ask.Origin == "" {
		ask.Origin = ask.ID
	}
	if sub.For == "" || sub.For == sub.By.ID {
		return ask, nil
	}
	p, err := s.people.byEmail(ctx, sub.For)
	if err != nil {
		return ask, err
	}
	ask.Beneficiary = p
	return ask, s.MayAskFor(sub.By, p, sub.App)
}

func (st *step) submit(ask access.Ask) (access.Request, error) {
	r, e, effs, err := st.judge(ask)
	if err != nil {
		return r, err
	}
	return r, st.saveRequest(&r, e, effs)
}

// submitIn submits and makes an issue that is there already the record: the
// given one, or one that the person has to complete.
func (st *step) submitIn(ask access.Ask, issue access.Issue) (access.Request, error) {
	r, e, effs, err := st.judge(ask)
	if err != nil {
		return r, err
	}
	if issue.ID == "" {
		if issue, err = st.unfinished(ask); err != nil {
			return r, err
		}
	}
	if issue.ID == "" {
		return r, st.saveRequest(&r, e, effs)
	}
	effs = slices.DeleteFunc(effs, func(eff access.Effect) bool { return eff.Kind == access.EffectOpenIssue })
	if err := st.saveRequest(&r, e, effs); err != nil {
		return r, err
	}
	return st.recordIn(r.ID, issue)
}

// judge asks the rules about an ask, with what the person has.
func (st *step) judge(ask access.Ask) (access.Request, access.Event, []access.Effect, error) {
	has, err := standings(st.tx, ask.Beneficiary.ID)
	if err != nil {
		return access.Request{}, access.Event{}, nil, err
	}
	return access.Submit(st.s.Config.Catalog, ask, has, st.at)
}

// standings are what the person has asked for and holds.
func standings(tx store.Tx, who access.PersonID) (has access.Standings, err error) {
	if has.Requests, err = store.OpenRequestsOf(tx, who); err != nil {
		return has, err
	}
	has.Grants, err = store.OpenGrantsOf(tx, who)
	return has, err
}

// Objections are what Submit would refuse about each role, whatever else is
// filled in; nil where nothing stands against it.
func (s *Service) Objections(ctx context.Context, by, beneficiary access.Person, roles []catalog.RoleRef) ([]*access.Refusal, error) {
	out := make([]*access.Refusal, len(roles))
	err := s.Store.View(ctx, func(tx store.Tx) error {
		has, err := standings(tx, beneficiary.ID)
		if err != nil {
			return err
		}
		for i, r := range roles {
			err := s.MayAskFor(by, beneficiary, r.App)
			if err == nil {
				err = access.Objection(s.Config.Catalog, beneficiary, r.App, r.Role, has)
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
