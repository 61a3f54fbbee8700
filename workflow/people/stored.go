package people

import (
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// Stranger is somebody of whom nothing is known but our own id of them.
func Stranger(id access.PersonID) access.Person { return access.Person{ID: id} }

// In is what the store knows of somebody, for showing: a stranger, if that is
// nothing.
func In(tx store.Tx, who access.PersonID) (access.Person, error) {
	k, err := store.Person(tx, who)
	if errors.Is(err, store.ErrNotFound) {
		return Stranger(who), nil
	}
	return k.Person, err
}

// ContactIn is the address under which people know somebody, as the store has it.
func ContactIn(tx store.Tx, who access.PersonID) (string, error) {
	p, err := In(tx, who)
	return p.Contact(), err
}

// unnamed tells that an address names nobody, or not one alone.
func unnamed(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous)
}
