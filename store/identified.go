package store

import (
	"fmt"
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
	var err error
	k.Person, err = id.Apply(k.Person, HoldingsOf(tx))
	return k, err
}

func release(tx Tx, r access.Release, at time.Time) error {
	k, err := Person(tx, r.Person)
	if err != nil {
		return err
	}
	k.Person = r.Apply(k.Person, at)
	return PutPerson(tx, &k)
}
