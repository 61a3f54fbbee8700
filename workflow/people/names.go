package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// nameplates show people as far as they are known already. They ask nobody.
type nameplates struct{ known *identities }

// Names are the people behind ids, as far as they are known, without asking
// anybody: fresh, or remembered from earlier.
func (n nameplates) Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := make(map[access.PersonID]access.Person, len(who))
	var rest []access.PersonID
	for _, id := range who {
		if f, ok := n.known.cache.person(id, 0); ok {
			out[id] = f.person
			continue
		}
		rest = append(rest, id)
	}
	if len(rest) == 0 {
		return out
	}
	err := n.known.units.View(ctx, func(tx store.Tx) error {
		for _, id := range rest {
			k, err := store.Person(tx, id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err == nil {
				out[id] = k.Person
			}
		}
		return nil
	})
	if err != nil {
		n.known.log.Warn("names can't be read from the store", "error", err)
	}
	return out
}

// Contact is the address under which people know somebody, without asking anybody.
func (n nameplates) Contact(ctx context.Context, who access.PersonID) string {
	if p, ok := n.Names(ctx, []access.PersonID{who})[who]; ok {
		return p.Contact()
	}
	return Stranger(who).Contact()
}

// Display is what to call those whose addresses are written down somewhere, such
// as in the catalogue: by name where they are known, without asking anybody.
func (n nameplates) Display(ctx context.Context, addresses []string) []string {
	out := make([]string, len(addresses))
	err := n.known.units.View(ctx, func(tx store.Tx) error {
		for i, a := range addresses {
			k, err := store.Meant(tx, access.NewEmail(a))
			if err != nil && !unnamed(err) {
				return err
			}
			if out[i] = a; err == nil {
				out[i] = k.Display()
			}
		}
		return nil
	})
	if err != nil {
		n.known.log.Warn("names can't be read from the store; addresses are shown instead", "error", err)
		return addresses
	}
	return out
}
