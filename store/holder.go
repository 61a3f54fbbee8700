package store

import (
	"time"

	"latchkey/access"
)

// Holder is who is bound to an account, with the little of them that is asked of everybody in a directory: the rest of the
// record is passed over.
type Holder struct {
	ID         access.PersonID
	Standing   access.Standing
	Offboarded time.Time
	Bindings   []struct{ System string }
}

// holders are people, read as far as that.
func holders() table[Holder] {
	return table[Holder]{kind: people().kind, schema: people().schema, set: func(*Holder, uint64) {}}
}

// HolderOf finds who is bound to an account of a system now. Absent: ErrNotFound.
func HolderOf(tx Tx, system, id string) (Holder, error) {
	return holders().first(tx, accountKey(system, id))
}

// HolderKnownAs is somebody by our id of them; one of whom nothing is known, where that is so.
func HolderKnownAs(tx Tx, who access.PersonID) (Holder, error) {
	return holders().getOrZero(tx, string(who))
}

// Accounts is how many accounts of a system they have or had.
func (h Holder) Accounts(system string) (count int) {
	for _, b := range h.Bindings {
		if b.System == system {
			count++
		}
	}
	return count
}
