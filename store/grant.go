package store

import (
	"time"

	"latchkey/access"
)

func grants() table[access.Grant] {
	return table[access.Grant]{
		kind: "grant",
		row: func(g *access.Grant) Record {
			keys := []string{"person:" + string(g.Person)}
			if g.Disputed {
				keys = append(keys, "disputed")
			}
			if g.TakenBy != "" {
				keys = append(keys, "taken:"+string(g.TakenBy))
			}
			if g.State != access.GrantEnded {
				keys = append(keys, "open:"+string(g.Person), "app:"+g.App, "state:"+string(g.State))
			} else if !g.Finished.IsZero() {
				keys = append(keys, overKey(g.Person, g.Finished))
			}
			return Record{ID: g.ID, Version: g.Version, Index: keys, Due: g.Due()}
		},
		set: func(g *access.Grant, v uint64) { g.Version = v },
	}
}

// Grant loads a grant. Absent: ErrNotFound.
func Grant(tx Tx, id string) (access.Grant, error) { return grants().get(tx, id) }

// PutGrant stores g at its version (ErrConflict if it moved on) and raises it.
func PutGrant(tx Tx, g *access.Grant) error { return grants().put(tx, g) }

// GrantsOf are a person's grants, ended ones included, by id.
func GrantsOf(tx Tx, who access.PersonID, after string, limit int) ([]access.Grant, error) {
	return grants().all(tx.Find("grant", "person:"+string(who), after, limit))
}

// GrantsOverIn are a person's grants that ended in the month of a moment, by id.
func GrantsOverIn(tx Tx, who access.PersonID, month time.Time) ([]access.Grant, error) {
	return grants().whole(tx, overKey(who, month))
}

// AllGrants are all grants, by id, a page at a time.
func AllGrants(tx Tx, after string, limit int) ([]access.Grant, error) {
	return grants().all(tx.Find("grant", "", after, limit))
}

// OpenGrantsOf are a person's grants that have not ended.
func OpenGrantsOf(tx Tx, who access.PersonID) ([]access.Grant, error) {
	return grants().whole(tx, "open:"+string(who))
}

// OpenGrantsFrom are a person's grants that have not ended, by id, a page at a time.
func OpenGrantsFrom(tx Tx, who access.PersonID, after string, limit int) ([]access.Grant, error) {
	return grants().all(tx.Find("grant", "open:"+string(who), after, limit))
}

// OpenGrantsOn are the grants on an app that have not ended, by id.
func OpenGrantsOn(tx Tx, app, after string, limit int) ([]access.Grant, error) {
	return grants().all(tx.Find("grant", "app:"+app, after, limit))
}

// GrantsIn are the grants in a state other than ended, by id.
func GrantsIn(tx Tx, s access.GrantState, after string, limit int) ([]access.Grant, error) {
	return grants().all(tx.Find("grant", "state:"+string(s), after, limit))
}

// GrantsTakenBy are those whose change somebody has said that they make by hand.
func GrantsTakenBy(tx Tx, who access.PersonID) ([]access.Grant, error) {
	return grants().whole(tx, "taken:"+string(who))
}

// DisputedGrants are the grants of which a human has to say whether they go on, by id.
func DisputedGrants(tx Tx, after string, limit int) ([]access.Grant, error) {
	return grants().all(tx.Find("grant", "disputed", after, limit))
}

// NextGrantDue is when the next grant ends; ok is false if none does.
func NextGrantDue(tx Tx) (time.Time, bool, error) { return tx.NextDue("grant") }
