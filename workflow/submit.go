package workflow

import (
	"context"
	"crypto/rand"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// Submit takes an ask: it is checked, committed with everything that follows
// from it, and only then returned. The same submission again returns the
// request it made the first time. A refusal names the field it is about.
func (s *Service) Submit(ctx context.Context, sub Submission) (access.Request, error) {
	ask, err := s.ask(ctx, sub)
	if err != nil {
		return access.Request{}, err
	}
	var made access.Request
	err = s.update(ctx, func(st *step) error {
		again, err := store.RequestFrom(st.tx, ask.Origin)
		if err == nil {
			made = again
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		made, err = st.submit(ask)
		return err
	})
	return made, err
}

func (s *Service) ask(ctx context.Context, sub Submission) (access.Ask, error) {
	ask := access.Ask{
		ID: newRequestID(), Origin: sub.ID, Requester: sub.By, Beneficiary: sub.By,
		App: sub.App, Role: sub.Role, Wanted: sub.Wanted, Reason: sub.Reason, Via: sub.Via, Patience: s.Lapse,
	}
	if ask.Origin == "" {
		ask.Origin = ask.ID
	}
	if sub.For == "" || sub.For == sub.By.Email {
		return ask, nil
	}
	p, err := s.people.byEmail(ctx, sub.For)
	ask.Beneficiary = p
	return ask, err
}

func (st *step) submit(ask access.Ask) (access.Request, error) {
	has, err := standings(st.tx, ask.Beneficiary.Email)
	if err != nil {
		return access.Request{}, err
	}
	r, e, effs, err := access.Submit(st.s.Config.Catalog, ask, has, st.at)
	if err != nil {
		return r, err
	}
	err = st.saveRequest(&r, e, effs)
	return r, err
}

// standings are what the person has asked for and holds.
func standings(tx store.Tx, who access.Email) (has access.Standings, err error) {
	if has.Requests, err = store.OpenRequestsOf(tx, who); err != nil {
		return has, err
	}
	has.Grants, err = store.OpenGrantsOf(tx, who)
	return has, err
}

// Objection is what Submit would refuse about an app and role for a person, or
// nil. It looks only at what is held and asked for already.
func (s *Service) Objection(ctx context.Context, who access.Email, app, role string) error {
	return s.Store.View(ctx, func(tx store.Tx) error {
		has, err := standings(tx, who)
		if err != nil {
			return err
		}
		return access.Objection(s.Config.Catalog, who, app, role, has)
	})
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
