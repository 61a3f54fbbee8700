package people

import "latchkey/access"

// Every conversion between an address and a person's id is in this file. Today
// the id is the folded address; nobody outside relies on that.

// IDOf is the id of whoever has an address.
func IDOf(a access.Email) access.PersonID { return access.PersonID(a) }

// IDsOf are the ids of those whose addresses are written down somewhere, such as
// in the configuration or the catalogue.
func IDsOf[A ~string](addresses []A) []access.PersonID {
	out := make([]access.PersonID, len(addresses))
	for i, a := range addresses {
		out[i] = IDOf(access.NewEmail(string(a)))
	}
	return out
}

// AddressOf is the address under which somebody is looked up.
func AddressOf(id access.PersonID) access.Email { return access.Email(id) }

// Stranger is somebody of whom nothing is known but who they are.
func Stranger(id access.PersonID) access.Person {
	return access.Person{ID: id, Email: AddressOf(id)}
}

// ByAddress is somebody of whom nothing is known but their address.
func ByAddress(a access.Email) access.Person { return access.Person{ID: IDOf(a), Email: a} }

// identified gives a member of the workspace their id; none without an address.
func identified(m access.Person) access.Person {
	m.ID = IDOf(m.Email)
	return m
}
