package reading

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// listing is who is in a group: accounts that were seen before, and members that are seen for the first time.
type listing struct {
	met   []*account
	fresh []newcomer
}

// newcomer is a member who is seen for the first time, and who is behind the account, as far as that was known before.
type newcomer struct {
	idp.Membership
	who  access.PersonID
	gone bool // they are known to have left, whatever the account says
}

// gathered takes the members of a group. Of an account that was seen before nothing new is asked.
type gathered struct {
	*pass
	ctx   context.Context // of the reading, for as long as that lasts
	of    string          // the directory
	there map[string]*account
	lists uint32              // which listing this is: accounts that are on it bear its number
	first map[string]struct{} // the accounts among the fresh ones
	listing
}

// gather begins to take the members of groups of a directory.
func (p *pass) gather(ctx context.Context, directory string) *gathered {
	return &gathered{pass: p, ctx: ctx, of: directory, there: p.accounts[directory], first: map[string]struct{}{}}
}

// extract reads who is in a group, with what proves that nobody is missing.
func (p *pass) extract(ctx context.Context, d idp.Directory, g idp.Group) (listing, access.Population, error) {
	all := p.gather(ctx, d.ID())
	proof, err := p.Populations.Extract(ctx, d, g, all)
	return all.listing, proof, err
}

// gathering are members that were read otherwise.
func (p *pass) gathering(ctx context.Context, directory string, members []idp.Membership) (listing, error) {
	all := p.gather(ctx, directory)
	err := all.Begin()
	for _, m := range members {
		if err == nil {
			_, err = all.Add(m)
		}
	}
	if err == nil {
		_, err = all.Doubled()
	}
	return all.listing, err
}

// Begin implements population.Members.
func (g *gathered) Begin() error {
	g.listings++
	g.lists = g.listings
	g.met, g.fresh = g.met[:0], g.fresh[:0]
	clear(g.first)
	return nil
}

// Add implements population.Members.
func (g *gathered) Add(m idp.Membership) (again bool, err error) {
	if a := g.there[m.PersonID]; a != nil {
		if a.listed == g.lists {
			return true, nil
		}
		a.listed = g.lists
		g.met = append(g.met, a)
		return false, nil
	}
	if _, again = g.first[m.PersonID]; !again {
		g.first[m.PersonID] = struct{}{}
		g.fresh = append(g.fresh, newcomer{Membership: m})
	}
	return again, nil
}

// lookedUp is how many accounts are looked up in one view.
const lookedUp = 1000

// Doubled implements population.Members. Whose an account is that was never seen before is looked up, many at once; where
// nobody knows, the address stands for somebody.
func (g *gathered) Doubled() (int, error) {
	seen, doubled := map[string]struct{}{}, 0
	note := func(key string) {
		if _, twice := seen[key]; twice {
			doubled++
		}
		seen[key] = struct{}{}
	}
	for some := range slices.Chunk(g.fresh, lookedUp) {
		err := g.Units.View(g.ctx, func(tx store.Tx) error {
			for i := range some {
				key, err := g.lookUp(tx, &some[i])
				if err != nil {
					return err
				}
				if key != "" {
					note(key)
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	for _, a := range g.met {
		if _, several := g.several[a.who]; several {
			note("person " + string(a.who))
		}
	}
	return doubled, nil
}

// lookUp finds out who is behind an account, and names them where that matters: somebody who is known to have no other account
// in the directory can't be on the list twice.
func (g *gathered) lookUp(tx store.Tx, m *newcomer) (string, error) {
	k, err := store.PersonByAccount(tx, g.of, m.PersonID)
	switch {
	case errors.Is(err, store.ErrNotFound) && m.Email == "":
		return "", nil
	case errors.Is(err, store.ErrNotFound):
		return "address " + m.Email, nil
	case err != nil:
		return "", err
	}
	m.who, m.gone = k.ID, hasGone(k.Person)
	if g.note(k.Person, g.of) {
		return "person " + string(k.ID), nil
	}
	return "", nil
}

// hasGone tells whether somebody is known to have left.
func hasGone(p access.Person) bool { return p.Standing == access.Left || !p.Offboarded.IsZero() }

// note notes that somebody has several accounts in a directory, and tells whether they do.
func (p *pass) note(who access.Person, directory string) bool {
	accounts := 0
	for _, b := range who.Bindings {
		if b.System == directory {
			accounts++
		}
	}
	if accounts > 1 {
		p.several[who.ID] = struct{}{}
	}
	return accounts > 1
}
