package requests

import (
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// objection refuses what a request is about where its holder may not hold it any
// more. What else they have is read only where it matters: everybody who clicks at
// this moment waits for it.
func objection(u *engine.Unit, r access.Request, holder access.Person, around access.Circumstances) error {
	has, err := besides(u, r)
	if err != nil {
		return err
	}
	requester, err := people.In(u.Tx, r.Requester)
	if err != nil {
		return err
	}
	return r.Objection(u.Catalog, requester, holder, around, has)
}

// besides is what the holder of a request has, where that matters to it.
func besides(u *engine.Unit, r access.Request) (has access.Standings, err error) {
	if r.NeedsGrants(u.Catalog) {
		has.Grants, err = store.OpenGrantsOf(u.Tx, r.Beneficiary)
	}
	return has, err
}

// shortened is for how long a request can be approved, where the policy bounds that by now for its holder
// and it asks for longer: 0 where it doesn't.
func shortened(u *engine.Unit, r access.Request, wanted time.Duration, found people.Established) (time.Duration, string, error) {
	if wanted == 0 {
		wanted = r.Allowed
	}
	requester, err := people.In(u.Tx, r.Requester)
	if err != nil {
		return 0, "", err
	}
	has, err := besides(u, r)
	if err != nil {
		return 0, "", err
	}
	lengths, clauses := access.Longest(r, u.Catalog, requester, found.Holder, found.Around, has)
	most := lengths.Max
	if r.Extends != "" {
		g, err := u.Grant(r.Extends)
		if err != nil || g.Ends.IsZero() || most == catalog.Forever {
			return 0, "", ignoreMissing(err)
		}
		most = g.Room(catalog.Role{Durations: lengths})
	}
	if most <= 0 || wanted != catalog.Forever && wanted <= most {
		return 0, "", nil
	}
	return most, "It was asked for longer than the policy allows by now. " + access.PolicySays(clauses), nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
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
