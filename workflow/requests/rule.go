package requests

import (
	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// objection refuses what a request is about where its holder may not hold it any
// more.
func objection(u *engine.Unit, r access.Request, holder access.Person) error {
	has, err := standingsIn(u, r.Beneficiary)
	if err != nil {
		return err
	}
	return r.Objection(u.Catalog, holder, has)
}

// ruleOut closes a request that somebody said yes to and that asks for what may not
// be given any more. Those whom it concerns get a message of their own: that a card
// changed is news to nobody.
func ruleOut(u *engine.Unit, r access.Request, by access.Actor, why *access.Refusal) (access.Request, error) {
	who, err := people.ContactIn(u.Tx, by.Person)
	if err != nil {
		return r, err
	}
	e := r.Event(access.EventDenied, access.System(), u.At)
	e.Reason, e.Note = why.Sentence, "Said yes to it: "+who+". What may be held was looked at again then."
	moved, err := u.MoveRequest(r, e)
	if err != nil {
		return r, err
	}
	for _, reader := range distinctOf(r.Requester, r.Beneficiary) {
		title := "It can't be given any more: " + notify.WhatOf(u, r)
		err := notify.Announce(u, "ruled-out/"+r.ID+"/"+string(reader), reader, title, why.Sentence, "It was approved, and what it asks for may not be held any more. You can ask again once that has changed.", "Request "+r.Label())
		if err != nil {
			return moved, err
		}
	}
	return moved, nil
}

func distinctOf(a, b access.PersonID) []access.PersonID {
	if a == b {
		return []access.PersonID{a}
	}
	return []access.PersonID{a, b}
}
