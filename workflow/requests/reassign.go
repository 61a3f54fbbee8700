package requests

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// Reassignment has somebody else decide the current stage of a request.
type Reassignment struct {
	Request string
	By      access.Actor
	To      access.PersonID
	From    access.PersonID // in whose place; empty: of all who are asked
	Reason  string
}

// Reassign has somebody else decide, on the word of IT or of an owner of the app. Who is to
// decide has to be somebody who may at this moment, and who may is found again with the answer.
func (s *Service) Reassign(ctx context.Context, a Reassignment) error {
	ctx = s.units.Holding(ctx)
	return s.units.LogRefusal(ctx, a.Request, a.By, "have somebody else decide", s.reassign(ctx, a))
}

func (s *Service) reassign(ctx context.Context, a Reassignment) error {
	seen, err := s.request(ctx, a.Request)
	if err != nil {
		return err
	}
	caller, err := s.authority.CallerNow(ctx, a.By)
	if err == nil {
		err = s.authority.May(caller, people.ActReassign, people.Matter{App: seen.App, Request: seen})
	}
	if err == nil {
		err = s.mayDecideFor(ctx, seen, a.To)
	}
	if err != nil {
		return err
	}
	return s.moveRequest(ctx, a.Request, func(u *engine.Unit, r access.Request) (access.Event, error) {
		if err := people.StillHere(u, a.To); err != nil {
			return access.Event{}, access.Refuse(access.Invalid, "to", "They have left meanwhile. Please choose somebody else.")
		}
		e := r.Event(access.EventReassigned, a.By, u.At)
		e.Approvers, e.For, e.Reason = []access.PersonID{a.To}, a.From, strings.TrimSpace(a.Reason)
		return e, tellReassigned(u, r, e)
	})
}

// mayDecideFor refuses somebody who can't be asked: who may not act, or who reports to whom it
// concerns. What can do harm is decided by those whom the route names, the app's owners or IT.
func (s *Service) mayDecideFor(ctx context.Context, r access.Request, to access.PersonID) error {
	if to == "" {
		return access.Refuse(access.Invalid, "to", "They aren't known here as somebody who may decide. Please choose somebody else.")
	}
	short, cancel := inBudget(ctx)
	defer cancel()
	p, err := s.people.Anew(short, to)
	if err == nil {
		err = p.MayAct()
	}
	if _, refused := access.AsRefusal(err); refused {
		return access.Refuse(access.Invalid, "to", p.Display()+" can't decide on access: it takes an account of this company that is in use. Please choose somebody else.")
	}
	if err != nil {
		return fmt.Errorf("find out whether somebody may decide: %w", err)
	}
	return s.authority.MayStandIn(short, r, p)
}

// tellReassigned tells those whose request it is that somebody else decides. Who was asked and
// who is hear of it when that is found.
func tellReassigned(u *engine.Unit, r access.Request, e access.Event) error {
	by, err := people.In(u.Tx, e.Actor.Person)
	if err != nil {
		return err
	}
	to, err := people.In(u.Tx, e.Approvers[0])
	if err != nil {
		return err
	}
	for _, who := range distinctIDs(r.Requester, r.Beneficiary) {
		marker := fmt.Sprintf("reassigned/%s/%s/%d", r.ID, who, u.At.UnixNano())
		if err := notify.Announce(u, marker, who, "Somebody else decides now: "+notify.WhatOf(u, r), by.Display()+" asked "+to.Display()+" to decide: "+e.Reason, "Request "+r.Label()); err != nil {
			return err
		}
	}
	return nil
}

func distinctIDs(a, b access.PersonID) []access.PersonID {
	if a == b {
		return []access.PersonID{a}
	}
	return []access.PersonID{a, b}
}
