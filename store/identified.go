package store

import (
	"fmt"
	"slices"
	"time"

	"latchkey/access"
)

// Identified carries out what access.Identify found: it ends what others lose and
// gives the person what is theirs. They are returned to be completed (how they
// stand, who their manager is) and stored with PutPerson in the same transaction.
// fresh is the id of somebody new. A verdict that names nobody is an error. If
// anything was bound to somebody else since the question was put, that is an
// access.Contradiction: look up again and ask again.
func Identified(tx Tx, id access.Identification, fresh access.PersonID, at time.Time) (Known, error) {
	switch id.Verdict {
	case access.IdentityNew:
		return IdentifiedAs(tx, Known{Person: access.Person{ID: fresh}}, id, at)
	case access.IdentityKnown, access.IdentityBind:
		k, err := Person(tx, id.Person)
		if err != nil {
			return Known{}, err
		}
		return IdentifiedAs(tx, k, id, at)
	case access.IdentityNobody, access.IdentityContradiction:
		if id.Refusal != nil {
			return Known{}, id.Refusal
		}
	}
	return Known{}, fmt.Errorf("whose account it is is %s: ask again when every directory answers", id.Verdict)
}

// IdentifiedAs is Identified for somebody who was loaded in the same transaction.
func IdentifiedAs(tx Tx, k Known, id access.Identification, at time.Time) (Known, error) {
	for _, r := range id.Release {
		if err := release(tx, r, at); err != nil {
			return Known{}, err
		}
	}
	next, err := id.Apply(k.Person, HoldingsOf(tx))
	if err == nil {
		next, err = inherited(tx, k.Person, next)
	}
	k.Person = next
	return k, err
}

// inherited notes which of the addresses that are new to somebody were somebody else's
// before. What is merely shown makes nobody the one who had it.
func inherited(tx Tx, was, p access.Person) (access.Person, error) {
	for _, a := range p.Addresses() {
		if was.Holds(a) {
			continue
		}
		shown, err := PeopleWhoShowed(tx, a)
		if err != nil {
			return p, err
		}
		had := func(b access.Binding) bool {
			return b.IsAddress() && b.ID == string(a) && b.Level.AtLeast(access.AssuranceChecked)
		}
		for _, o := range shown {
			if o.ID != p.ID && o.Same == "" && slices.ContainsFunc(o.Bindings, had) {
				p = p.Inherit(a, true)
			}
		}
	}
	return p, nil
}

func release(tx Tx, r access.Release, at time.Time) error {
	k, err := Person(tx, r.Person)
	if err != nil {
		return err
	}
	k.Person = r.Apply(k.Person, at)
	return PutPerson(tx, &k)
}
