package store

import (
	"fmt"
	"slices"

	"latchkey/access"
)

// Meant finds whom an address names that somebody has written down: whoever has it now,
// or, where that is nobody, whoever had it last, by whatever address they go now. Absent:
// ErrNotFound; several: ErrAmbiguous. Whether they are meant, access.Person.MeantBy tells.
func Meant(tx Tx, a access.Email) (Known, error) {
	now, err := PeopleByAddress(tx, a)
	if err != nil {
		return Known{}, err
	}
	if len(now) == 0 {
		if now, err = formerly(tx, a); err != nil {
			return Known{}, err
		}
	}
	switch len(now) {
	case 0:
		return Known{}, fmt.Errorf("person meant by the address %s: %w", a, ErrNotFound)
	case 1:
		return now[0], nil
	}
	return Known{}, fmt.Errorf("person meant by the address %s: %w", a, ErrAmbiguous)
}

// formerly are those whom an address named once, and names no more.
func formerly(tx Tx, a access.Email) ([]Known, error) {
	showed, err := PeopleWhoShowed(tx, a)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(showed, func(k Known) bool { return k.Same != "" || !k.Held(a) }), nil
}

// Written brings up to date by which addresses that they show no more somebody is still
// meant (access.Person.MeantBy).
func Written(tx Tx, p access.Person) (access.Person, error) {
	p.Still = nil
	var seen []access.Email
	for _, b := range p.Bindings {
		a := access.Email(b.ID)
		if !b.IsAddress() || slices.Contains(seen, a) || !p.Held(a) {
			continue
		}
		seen = append(seen, a)
		others, err := othersWith(tx, p.ID, a)
		switch {
		case err != nil:
			return p, err
		case len(others) == 0:
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
