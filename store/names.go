package store

import "errors"

// Names is what things that a service calls by name have for ids: what is
// renamed there is found again by what it was called before.
type Names struct {
	Service string
	Version uint64
	IDs     map[string]string
}

func nameTable() table[Names] {
	return table[Names]{
		kind: "names",
		row:  func(n *Names) Record { return Record{ID: n.Service, Version: n.Version} },
		set:  func(n *Names, v uint64) { n.Version = v },
	}
}

// LoadNames loads what is known of a service. Absent, or unreadable, because
// nothing stands in it that the service doesn't say: none.
func LoadNames(tx Tx, service string) (Names, error) {
	n, err := nameTable().get(tx, service)
	var d *Damaged
	if errors.Is(err, ErrNotFound) || errors.As(err, &d) {
		return Names{Service: service}, nil
	}
	return n, err
}

// PutNames stores n in the place of what is there.
func PutNames(tx Tx, n Names) error {
	r, err := tx.Get(nameTable().kind, n.Service)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	n.Version = r.Version
	return nameTable().put(tx, &n)
}
