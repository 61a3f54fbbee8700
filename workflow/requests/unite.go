package requests

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// UniteTask is the kind of task that brings together what is kept under two ids of one
// human, or apart what is kept under one id of two.
const UniteTask = "person.unite"

// uniting is the payload of a UniteTask. What was given to the account alone is brought
// to To, or, without one, everything of From.
type uniting struct {
	From, To access.PersonID
	System   string `json:",omitempty"`
	Account  string `json:",omitempty"`
}

// Merger takes IT's word on who people are, in the unit.
type Merger interface {
	Unite(u *engine.Unit, one, other access.PersonID, by access.Actor) (kept, gone access.PersonID, err error)
	Split(u *engine.Unit, who access.PersonID, system, account string, by access.Actor) (fresh access.PersonID, err error)
}

// Merges brings together what is kept under two ids of one human, and apart what is
// kept under one id of two.
type Merges struct{ service *Service }

// NewMerges makes it of the room.
func NewMerges(s *Service) Merges { return Merges{s} }

// Unite takes IT's word that two people are one human. When it returns nil that is
// known, and what follows for requests and grants is durable work.
func (m Merges) Unite(ctx context.Context, people Merger, one, other access.PersonID, by access.Actor) error {
	var kept, gone access.PersonID
	err := m.service.units.Update(ctx, func(u *engine.Unit) (err error) {
		if kept, gone, err = people.Unite(u, one, other, by); err != nil {
			return err
		}
		return enqueueUniting(u, uniting{From: gone, To: kept})
	})
	m.service.people.Forget(one)
	m.service.people.Forget(other)
	return err
}

// BringTogether has what is kept under an id brought to the one that somebody goes by, in
// the unit that found them to be one human.
func BringTogether(u *engine.Unit, gone, kept access.PersonID) error {
	return enqueueUniting(u, uniting{From: gone, To: kept})
}

// Split takes IT's word that an account is another human's. Grants follow the account.
func (m Merges) Split(ctx context.Context, people Merger, who access.PersonID, system, account string, by access.Actor) error {
	err := m.service.units.Update(ctx, func(u *engine.Unit) error {
		fresh, err := people.Split(u, who, system, account, by)
		if err != nil {
			return err
		}
		return enqueueUniting(u, uniting{From: who, To: fresh, System: system, Account: account})
	})
	m.service.people.Forget(who)
	return err
}

func enqueueUniting(u *engine.Unit, p uniting) error {
	body, err := engine.Payload(p)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: fmt.Sprintf("unite/%s/%s", p.From, p.To), Queue: engine.HouseQueue, Kind: UniteTask, Priority: store.Removals, Payload: body})
	return err
}

// all carries a UniteTask out, in as many units as it takes.
func (m Merges) all(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[uniting](t)
	if err != nil {
		return nil, err
	}
	held := consequence{pages(func(tx store.Tx, after string) ([]access.Grant, error) {
		return store.OpenGrantsFrom(tx, p.From, after, leavePage)
	}, query.GrantID), func(u *engine.Unit, id string) error { return uniteGrant(u, id, p) }}
	waiting := consequence{pages(func(tx store.Tx, after string) ([]access.Request, error) {
		return store.RequestsIn(tx, access.RequestPending, after, leavePage)
	}, query.RequestID), uniteRequest}
	all := []consequence{held, waiting}
	if p.Account != "" {
		all = all[:1]
	}
	if err := m.service.stages.endDelegations(ctx, p.From); err != nil {
		return nil, err
	}
	var faults []error
	for _, one := range all {
		failed, err := m.service.part(ctx, one)
		if err != nil {
			return nil, err
		}
		faults = append(faults, failed...)
	}
	if len(faults) > 0 {
		return nil, &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf("What is kept under two ids of %s could not be brought together everywhere: %v", m.service.people.Contact(ctx, p.To), faults[0])}
	}
	return nil, nil
}

// uniteGrant gives a grant to who holds it, by the account that it was given to.
func uniteGrant(u *engine.Unit, id string, p uniting) error {
	g, err := u.Grant(id)
	if err != nil || g.Person != p.From {
		return err
	}
	to := func(e access.Entitlement) bool { return e.Group.Directory == p.System && e.Account == p.Account }
	if p.Account != "" && !slices.ContainsFunc(g.Entitlements, to) {
		return nil
	}
	g.Person = p.To
	if err := engine.Save(u, engine.Grants(), &g); err != nil || g.Request == "" || p.Account != "" {
		return err
	}
	r, err := u.Request(g.Request)
	if err != nil {
		return err
	}
	r = r.Unite(p.From, p.To)
	if err := engine.Save(u, engine.Requests(), &r); err != nil || r.Twice() == "" {
		return err
	}
	return notify.Announce(u, "twice/"+r.ID, "", "Given on the word of one person where two are needed: "+notify.WhatOf(u, r), r.Twice(),
		"It was approved before that was known, and goes on. If it should not, revoke it.", "Request "+r.Label())
}

// uniteRequest brings a waiting request up to date, or closes it.
func uniteRequest(u *engine.Unit, id string) error {
	seen, err := u.Request(id)
	if err != nil || seen.State != access.RequestPending {
		return err
	}
	r, twice, err := united(u, seen)
	switch {
	case err != nil:
		return err
	case twice != nil:
		_, err = ruleOutTwice(u, r, twice)
		return err
	case slices.Equal(r.Everybody(), seen.Everybody()):
		return nil
	}
	if err := engine.Save(u, engine.Requests(), &r); err != nil {
		return err
	}
	_, err = u.Enqueue(lookAgainTask(r)) // who may answer may be somebody else
	return err
}

// united is a request with everybody under the id they have now; twice says that one
// human stands where two are needed.
func united(u *engine.Unit, r access.Request) (_ access.Request, twice *access.Refusal, err error) {
	changed := false
	for _, who := range r.Everybody() {
		p, err := people.In(u.Tx, who)
		if err != nil {
			return r, nil, err
		}
		if p.Same != "" {
			r, changed = r.Unite(who, p.Same), true
		}
	}
	if why := r.Twice(); why != "" && (changed || r.State == access.RequestPending) {
		twice = &access.Refusal{Reason: access.NotAllowed, Sentence: why}
	}
	return r, twice, nil
}

// closeTwice closes a request that somebody answers and in which one human stands where
// two are needed.
func closeTwice(u *engine.Unit, r access.Request, w answer, twice *access.Refusal, err error) (access.Request, error, error) {
	if err != nil {
		return r, nil, err
	}
	if r.State != access.RequestPending {
		return r, nil, twice
	}
	moved, err := ruleOutTwice(u, r, twice)
	return moved, access.Refuse(twice.Reason, "", twice.Sentence+" So your answer can't count. The request is closed, and whoever asked has been told."), err
}

// ruleOutTwice closes a request because two people in it were found to be one.
func ruleOutTwice(u *engine.Unit, r access.Request, why *access.Refusal) (access.Request, error) {
	e := r.Event(access.EventDenied, access.System(), u.At)
	e.Reason, e.Note = why.Sentence, "Two people in it were found to be one."
	return u.MoveRequest(r, e)
}
