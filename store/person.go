package store

import (
	"errors"
	"fmt"

	"latchkey/access"
)

// Known is what is remembered of a person between lookups: above all the
// bindings, with how each was made.
type Known struct {
	Version uint64
	access.Person
}

func people() table[Known] {
	return table[Known]{
		kind: "person",
		row: func(p *Known) Record {
			var keys []string
			for _, b := range p.Bindings {
				keys = append(keys, b.System+":"+b.ID)
			}
			return Record{ID: string(p.ID), Version: p.Version, Index: keys}
		},
		set: func(p *Known, v uint64) { p.Version = v },
	}
}

// Person loads what is remembered of a person. Absent: ErrNotFound.
func Person(tx Tx, who access.PersonID) (Known, error) { return people().get(tx, string(who)) }

// PutPerson remembers a person.
func PutPerson(tx Tx, p *Known) error { return people().put(tx, p) }

// PersonByAccount finds who is bound to an account of a system.
func PersonByAccount(tx Tx, system, id string) (Known, error) {
	return people().first(tx, system+":"+id)
}

// AllPeople are all people that are remembered, by e-mail, a page at a time.
func AllPeople(tx Tx, after string, limit int) ([]Known, error) {
	return people().all(tx.Find("person", "", after, limit))
}

// IdentityOf is who a person is now, for the record, as far as that is
// remembered; it reads no more than that takes. Of a stranger it knows nothing.
func IdentityOf(tx Tx, who access.PersonID) (access.Identity, error) {
	r, err := tx.Get(people().kind, string(who))
	if errors.Is(err, ErrNotFound) {
		return access.Identity{}, nil
	}
	if err != nil {
		return access.Identity{}, err
	}
	var p struct {
		Email    access.Email
		Name     string
		Bindings []struct{ System, ID string }
	}
	if err := people().schema.Decode(r.Schema, r.Body, &p); err != nil {
		return access.Identity{}, fmt.Errorf("person %s can't be read back: %w", who, err)
	}
	out := access.Identity{Email: p.Email, Name: p.Name}
	for _, b := range p.Bindings {
		if out.Accounts == nil {
			out.Accounts = make(map[string]string, len(p.Bindings))
		}
		out.Accounts[b.System] = b.ID
	}
	return out, nil
}
