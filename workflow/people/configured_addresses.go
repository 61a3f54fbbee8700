package people

import (
	"latchkey/access"
	"latchkey/catalog"
)

// Addresses are addresses as somebody has written them down, in the form in which
// they are compared.
func Addresses(written []string) []access.Email {
	out := make([]access.Email, len(written))
	for i, a := range written {
		out[i] = access.NewEmail(a)
	}
	return out
}

// writtenIn are the addresses that a catalogue names.
func writtenIn(c *catalog.Catalog) []access.Email {
	var others []string
	for _, a := range c.Apps() {
		others = append(others, a.FulfilledBy...)
		for _, r := range a.Roles {
			others = append(others, r.For.People...)
		}
	}
	return append(decidersIn(c), Addresses(others)...)
}

// decidersIn are those whom a catalogue has decide by name.
func decidersIn(c *catalog.Catalog) []access.Email {
	var all []string
	byName := func(sources []catalog.Approver) {
		for _, source := range sources {
			if source.Kind == catalog.Named {
				all = append(all, source.Person)
			}
		}
	}
	for _, a := range c.Apps() {
		all = append(all, a.Owners...)
		for _, r := range a.Roles {
			byName(r.Approvers)
		}
	}
	for _, r := range c.Routes() {
		byName(r.Deciders())
	}
	return Addresses(all)
}
