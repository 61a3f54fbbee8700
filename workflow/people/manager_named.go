package people

import (
	"errors"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// managerEntry is what a directory says of somebody's manager.
type managerEntry struct {
	directory, account string // the manager's account there, if it says which
	address            access.Email
	key                string // by what it names that account
	unclear            string // the directory that shows several accounts with the address, of which it can't be told whose they are
	named              string // who it says it is, where that leads to no account
	known              bool   // a directory kept silent, so the manager known last stands in
}

// better tells whether a directory says more of the manager than another.
func (b managerEntry) better(than managerEntry) bool {
	if than.account+string(than.address) != "" {
		return false
	}
	return b.account+string(b.address) != "" || than.named == "" && b.named != ""
}

// givenOn tells whether somebody is named as a manager by an address that somebody else
// had before: whoever wrote it there may have meant the other one.
func (b managerEntry) givenOn(p access.Person) bool {
	a := access.NewEmail(b.key)
	return p.Holds(a) && !p.MeantBy(a)
}

// managerIn is the manager as far as the store knows them; "" if it doesn't, or if
// there is none.
func managerIn(tx store.Tx, b managerEntry, last access.PersonID) (access.PersonID, error) {
	if b.account != "" {
		k, err := store.PersonByAccount(tx, b.directory, b.account)
		switch {
		case err == nil && b.givenOn(k.Person):
			return "", nil
		case !errors.Is(err, store.ErrNotFound):
			return k.ID, err
		}
	}
	if b.address != "" {
		k, err := store.PersonByAddress(tx, b.address)
		switch {
		case err == nil && b.givenOn(k.Person):
			return "", nil
		case !unnamed(err):
			return k.ID, err
		}
	}
	if catalog.IsEmail(b.named) { // the directory still has an address that the manager had before
		k, err := store.Meant(tx, access.NewEmail(b.named))
		if !unnamed(err) {
			return k.ID, err
		}
	}
	if b.known && b.address == "" {
		return last, nil
	}
	return "", nil
}
