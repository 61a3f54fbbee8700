package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
)

// ErrAmbiguous: an address names several people, so it names nobody.
var ErrAmbiguous = errors.New("store: several people have it")

// Known is what is remembered of a person between lookups: above all the
// bindings, with how each was made.
type Known struct {
	Version uint64
	access.Person
}

// people are found by the accounts that are bound to them now, by the addresses
// that name them now, and by every address they ever showed.
func people() table[Known] {
	return table[Known]{
		kind: "person",
		row: func(p *Known) Record {
			var keys []string
			for _, b := range p.Bindings {
				switch {
				case b.IsAccount() && b.Live():
					keys = append(keys, accountKey(b.System, b.ID))
				case b.IsAddress() && !slices.Contains(keys, shownKey(b.ID)):
					keys = append(keys, shownKey(b.ID))
				}
			}
			for _, a := range p.Addresses() {
				keys = append(keys, addressKey(a))
			}
			if p.Manager != "" {
				keys = append(keys, reportsKey(p.Manager))
			}
			return Record{ID: string(p.ID), Version: p.Version, Index: keys}
		},
		set:    func(p *Known, v uint64) { p.Version = v },
		recall: (*cachingTx).recall,
		retain: (*cachingTx).retain,
	}
}

// A system's name holds no colon, so no two accounts share a key.
func accountKey(system, id string) string { return "account:" + system + ":" + id }
func addressKey(a access.Email) string    { return "address:" + string(a) }
func shownKey(address string) string      { return "shown:" + address }

func reportsKey(manager access.PersonID) string { return "reports:" + string(manager) }

// HasReports tells whether somebody is known to report to a person.
func HasReports(tx Tx, manager access.PersonID) (bool, error) {
	some, err := tx.IDs(people().kind, reportsKey(manager), "", 1)
	return len(some) > 0, err
}

// Person loads what is remembered of a person. Absent: ErrNotFound.
func Person(tx Tx, who access.PersonID) (Known, error) {
	t, caching := tx.(*cachingTx)
	if !caching {
		return people().get(tx, string(who))
	}
	if k, read := t.person(string(who)); read {
		return k, nil
	}
	return people().get(tx, string(who))
}

// OnePerson are all records of the one human whom an id means: first who they are now, then
// those that were found to be them, over however many steps. Absent: ErrNotFound.
func OnePerson(tx Tx, who access.PersonID) (all []Known, err error) {
	next, met := []access.PersonID{who}, map[access.PersonID]bool{"": true}
	for ; len(next) > 0; next = next[1:] {
		if met[next[0]] {
			continue
		}
		met[next[0]] = true
		k, err := Person(tx, next[0])
		switch {
		case errors.Is(err, ErrNotFound) && next[0] != who:
			continue // nothing is known under that id any more
		case err != nil:
			return nil, err
		}
		all, next = append(all, k), append(append(next, k.Same), k.United...)
	}
	slices.SortStableFunc(all, func(a, b Known) int { return cmp.Compare(min(len(a.Same), 1), min(len(b.Same), 1)) })
	return all, nil
}

// PutPerson remembers a person. It is refused with an access.Contradiction if one
// of their accounts is bound to somebody else: an account belongs to one person.
func PutPerson(tx Tx, p *Known) error {
	if !p.ID.Valid() {
		return fmt.Errorf("person %q can't be remembered: that is no id of a person", p.ID)
	}
	for _, b := range p.Bindings {
		if !b.IsAccount() || !b.Live() {
			continue
		}
		holder, err := HoldingsOf(tx).AccountHolder(b.System, b.ID)
		if err != nil {
			return err
		}
		if holder != "" && holder != p.ID {
			return &access.Contradiction{Person: p.ID, Binding: b, Holders: []access.PersonID{holder}, Why: "it is bound to somebody else"}
		}
	}
	return people().put(tx, p)
}

// PersonByAccount finds who is bound to an account of a system now. Absent:
// ErrNotFound.
func PersonByAccount(tx Tx, system, id string) (Known, error) {
	return people().first(tx, accountKey(system, id))
}

// PersonByAddress finds the one person whom an address names now. Absent:
// ErrNotFound; several: ErrAmbiguous.
func PersonByAddress(tx Tx, a access.Email) (Known, error) {
	found, err := PeopleByAddress(tx, a)
	switch {
	case err != nil:
		return Known{}, err
	case len(found) == 0:
		return Known{}, fmt.Errorf("person with the address %s: %w", a, ErrNotFound)
	case len(found) > 1:
		return Known{}, fmt.Errorf("person with the address %s: %w", a, ErrAmbiguous)
	}
	return found[0], nil
}

// PeopleByAddress are all whom an address names now.
func PeopleByAddress(tx Tx, a access.Email) ([]Known, error) { return peopleUnder(tx, addressKey(a)) }

// PeopleWhoShowed are all who show an address or once did. It may name none of them.
func PeopleWhoShowed(tx Tx, a access.Email) ([]Known, error) {
	return peopleUnder(tx, shownKey(string(a)))
}

func peopleUnder(tx Tx, key string) ([]Known, error) {
	out, err := people().whole(tx, key)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// AllPeople are all people that are remembered, by id, a page at a time.
func AllPeople(tx Tx, after string, limit int) ([]Known, error) {
	return people().all(tx.Find("person", "", after, limit))
}

// HoldingsOf tells what is bound to whom, as the transaction sees it.
func HoldingsOf(tx Tx) access.Holdings { return holdings{tx} }

type holdings struct{ tx Tx }

func (h holdings) AccountHolder(system, id string) (access.PersonID, error) {
	found, err := h.tx.IDs("person", accountKey(system, id), "", 1)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return access.PersonID(found[0]), nil
}

func (h holdings) AddressHolders(a access.Email) ([]access.PersonID, error) {
	found, err := idsOf(h.tx, "person", addressKey(a))
	out := make([]access.PersonID, len(found))
	for i, id := range found {
		out[i] = access.PersonID(id)
	}
	return out, err
}

// IdentityOf is who a person is now, for the record, as far as that is
// remembered. Of a stranger it knows nothing.
func IdentityOf(tx Tx, who access.PersonID) (access.Identity, error) {
	k, err := Person(tx, who)
	if errors.Is(err, ErrNotFound) {
		return access.Identity{}, nil
	}
	return k.Identity(), err
}

// Reports are the people whom a manager was seen last to have, at most limit of them.
func Reports(tx Tx, manager access.PersonID, limit int) ([]Known, error) {
	return people().all(tx.Find(people().kind, reportsKey(manager), "", limit))
}
