package requests

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// objection refuses what a request is about where its holder may not hold it any
// more. What else they have is read only where it matters: everybody who clicks at
// this moment waits for it.
func objection(u *engine.Unit, r access.Request, holder access.Person) error {
	var has access.Standings
	if r.NeedsGrants(u.Catalog) {
		var err error
		if has.Grants, err = store.OpenGrantsOf(u.Tx, r.Beneficiary); err != nil {
			return err
		}
	}
	return r.Objection(u.Catalog, holder, has)
}

// ruleOut closes a request that somebody said yes to and that asks for what may not
// be given any more. Those whom it concerns read why as they read any no.
func ruleOut(u *engine.Unit, r access.Request, by access.Actor, why *access.Refusal) (access.Request, error) {
	who, err := people.ContactIn(u.Tx, by.Person)
	if err != nil {
		return r, err
	}
	e := r.Event(access.EventDenied, access.System(), u.At)
	e.Reason, e.Note = why.Sentence, "Said yes to it: "+who+". What may be held was looked at again then."
	return u.MoveRequest(r, e)
}
