package store

import (
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
)

// ErrGivenOn: an address named somebody else before it named who has it now, so that
// nobody can tell whom it was written down for.
var ErrGivenOn = errors.New("store: it was somebody else's before")

// Meant finds whom an address means that somebody has written down, as in the
// configuration: whoever has it now, or, where that is nobody, whoever had it last, by
// whatever address they go now. Absent: ErrNotFound; several: ErrAmbiguous. One that
// was given on means nobody, ErrGivenOn, until IT has said that it means who has it.
func Meant(tx Tx, a access.Email) (Known, error) {
	now, err := PeopleByAddress(tx, a)
	if err != nil {
		return Known{}, err
	}
	before, err := formerly(tx, a)
	if err != nil {
		return Known{}, err
	}
	switch {
	case len(now) > 1:
		return Known{}, fmt.Errorf("person with the address %s: %w", a, ErrAmbiguous)
	case len(now) == 1 && len(before) > 0 && !slices.Contains(now[0].Vouched, a):
		return now[0], fmt.Errorf("person meant by the address %s: %w", a, ErrGivenOn)
	case len(now) == 1:
		return now[0], nil
	case len(before) > 1:
		return before[0], fmt.Errorf("person meant by the address %s: %w", a, ErrGivenOn)
	case len(before) == 0:
		return Known{}, fmt.Errorf("person meant by the address %s: %w", a, ErrNotFound)
	}
	return before[0], nil
}

// formerly are those whom an address named once, and names no more.
func formerly(tx Tx, a access.Email) ([]Known, error) {
	showed, err := PeopleWhoShowed(tx, a)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(showed, func(k Known) bool { return k.Same != "" || !k.Held(a) }), nil
}

// Written brings up to date what somebody is called by where addresses were written
// down (access.Person.Meant).
func Written(tx Tx, p access.Person) (access.Person, error) {
	p.Still, p.Unsure = nil, nil
	var seen []access.Email
	for _, b := range p.Bindings {
		a := access.Email(b.ID)
		if !b.IsAddress() || slices.Contains(seen, a) || !p.Holds(a) && !p.Held(a) {
			continue
		}
		seen = append(seen, a)
		others, err := othersWith(tx, p.ID, a)
		switch {
		case err != nil:
			return p, err
		case p.Holds(a) && len(others) > 0 && !slices.Contains(p.Vouched, a):
			p.Unsure = append(p.Unsure, a)
		case !p.Holds(a) && len(others) == 0:
			p.Still = append(p.Still, a)
		}
	}
	return p, nil
}

// othersWith are those whom an address names, or named, besides somebody.
func othersWith(tx Tx, who access.PersonID, a access.Email) ([]Known, error) {
	showed, err := PeopleWhoShowed(tx, a)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(showed, func(k Known) bool { return k.ID == who || k.Same != "" || !k.Held(a) && !k.Holds(a) }), nil
}
