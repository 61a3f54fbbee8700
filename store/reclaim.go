package store

import "latchkey/access"

func reclaims() table[access.Reclaim] {
	return table[access.Reclaim]{
		kind: "reclaim",
		row: func(r *access.Reclaim) Record {
			out := Record{ID: r.ID, Version: r.Version, Due: r.DueAt(), Index: []string{
				"person:" + string(r.Person), "seat:" + string(r.Person) + "/" + r.App, "app:" + r.App, "state:" + string(r.State),
			}}
			for _, grant := range r.Grants {
				out.Index = append(out.Index, "grant:"+grant)
			}
			if r.Gives != "" {
				out.Index = append(out.Index, "grant:"+r.Gives)
			}
			if r.Open() {
				out.Index = append(out.Index, "open", "open:"+r.App)
			}
			return out
		},
		set: func(r *access.Reclaim, v uint64) { r.Version = v },
	}
}

// Reclaim loads the question about an idle seat. Absent: ErrNotFound.
func Reclaim(tx Tx, id string) (access.Reclaim, error) { return reclaims().get(tx, id) }

// PutReclaim stores r at its version (ErrConflict if it moved on) and raises it.
func PutReclaim(tx Tx, r *access.Reclaim) error { return reclaims().put(tx, r) }

// Reclaims are all of them, by id, a page at a time.
func Reclaims(tx Tx, after string, limit int) ([]access.Reclaim, error) {
	return reclaims().all(tx.Find("reclaim", "", after, limit))
}

// ReclaimsOpen are those in which something is still to happen, a page at a time.
func ReclaimsOpen(tx Tx, after string, limit int) ([]access.Reclaim, error) {
	return reclaims().all(tx.Find("reclaim", "open", after, limit))
}

// ReclaimsIn are those in a state, a page at a time.
func ReclaimsIn(tx Tx, state access.ReclaimState, after string, limit int) ([]access.Reclaim, error) {
	return reclaims().all(tx.Find("reclaim", "state:"+string(state), after, limit))
}

// ReclaimsOn are those about an app, a page at a time.
func ReclaimsOn(tx Tx, app, after string, limit int) ([]access.Reclaim, error) {
	return reclaims().all(tx.Find("reclaim", "app:"+app, after, limit))
}

// ReclaimsAbout are those about somebody, a page at a time.
func ReclaimsAbout(tx Tx, who access.PersonID, after string, limit int) ([]access.Reclaim, error) {
	return reclaims().all(tx.Find("reclaim", "person:"+string(who), after, limit))
}

// ReclaimsOfSeat are all about one person's seat of an app.
func ReclaimsOfSeat(tx Tx, who access.PersonID, app string) ([]access.Reclaim, error) {
	return reclaims().whole(tx, "seat:"+string(who)+"/"+app)
}

// ReclaimsOfGrant are all about a seat that a grant held, or in the place of which it came.
func ReclaimsOfGrant(tx Tx, grant string) ([]access.Reclaim, error) {
	return reclaims().whole(tx, "grant:"+grant)
}
