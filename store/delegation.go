package store

import (
	"slices"
	"time"

	"latchkey/access"
)

func delegations() table[access.Delegation] {
	return table[access.Delegation]{
		kind: "delegation",
		row: func(d *access.Delegation) Record {
			r := Record{ID: d.ID, Version: d.Version, Due: d.Due()}
			if d.Open() {
				r.Index = []string{"of:" + string(d.Delegator), "by:" + string(d.Delegate)}
			}
			return r
		},
		set: func(d *access.Delegation, v uint64) { d.Version = v },
	}
}

// Delegation loads a delegation. Absent: ErrNotFound.
func Delegation(tx Tx, id string) (access.Delegation, error) { return delegations().get(tx, id) }

// PutDelegation stores d at its version and raises it.
func PutDelegation(tx Tx, d *access.Delegation) error { return delegations().put(tx, d) }

// DelegationsOf are those by which somebody has others decide for them, running or planned.
func DelegationsOf(tx Tx, delegator access.PersonID) ([]access.Delegation, error) {
	return delegations().whole(tx, "of:"+string(delegator))
}

// DelegationsTo are those by which somebody decides for others, running or planned.
func DelegationsTo(tx Tx, delegate access.PersonID) ([]access.Delegation, error) {
	return delegations().whole(tx, "by:"+string(delegate))
}

// DelegationsAbout are those by which somebody decides for others, or others for them.
func DelegationsAbout(tx Tx, who access.PersonID) ([]access.Delegation, error) {
	of, err := DelegationsOf(tx, who)
	if err != nil {
		return of, err
	}
	to, err := DelegationsTo(tx, who)
	return append(of, to...), err
}

// Counting are those of some delegations that count at a moment.
func Counting(all []access.Delegation, at time.Time) []access.Delegation {
	return slices.DeleteFunc(all, func(d access.Delegation) bool { return !d.Counts(at) })
}
