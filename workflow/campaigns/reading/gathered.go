package reading

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

// listing is who is in a group: accounts that were introduced before, by their numbers, and members that are seen for the first
// time.
type listing struct {
	met   columns.Set
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
	ctx   context.Context     // of the reading, for as long as that lasts
	of    string              // the directory
	first map[string]struct{} // the accounts among the fresh ones

	ids     []string // of those that are taken at a time
	numbers []int    // in the snapshot

	listing
}

// gather begins to take the members of groups of a directory.
func (p *pass) gather(ctx context.Context, directory string) *gathered {
	return &gathered{pass: p, ctx: ctx, of: directory, first: map[string]struct{}{}, listing: listing{met: columns.SetUpTo(p.accounts.room())}}
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
	if err == nil {
		_, err = all.Add(members)
	}
	if err == nil {
		_, err = all.Doubled()
	}
	return all.listing, err
}

// Begin implements population.Members.
func (g *gathered) Begin() error {
	clear(g.met)
	g.fresh = g.fresh[:0]
	clear(g.first)
	return nil
}

// Add implements population.Members.
func (g *gathered) Add(some []idp.Membership) (again int, err error) {
	runtime.Gosched() // there is no hurry: whoever has to end something on time goes first
	g.ids = g.ids[:0]
	for i := range some {
		g.ids = append(g.ids, some[i].PersonID)
	}
	g.numbers = g.to.Numbers(g.of, g.ids, g.numbers)
	for i, n := range g.numbers {
		isNew := false
		if n >= 0 && g.accounts.known.Has(n) {
			isNew = g.met.Add(n)
		} else {
			isNew = g.meets(some[i])
		}
		if !isNew {
			again++
		}
	}
	return again, nil
}

// meets takes somebody who is seen for the first time, and tells whether that is so on this list, too.
func (g *gathered) meets(m idp.Membership) bool {
	if _, again := g.first[m.PersonID]; again {
		return false
	}
	g.first[m.PersonID] = struct{}{}
	g.fresh = append(g.fresh, newcomer{Membership: m})
	return true
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
	slices.SortFunc(g.fresh, func(a, b newcomer) int { return strings.Compare(a.PersonID, b.PersonID) }) // as a store keeps them
	for some := range slices.Chunk(g.fresh, lookedUp) {
		// past what is remembered of people: it is for those who are met again and again
		err := g.Store.View(g.ctx, func(tx store.Tx) error {
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
	if len(g.several) == 0 {
		return doubled, nil
	}
	for n := range g.met.All() {
		who := g.accounts.account(n).who
		if _, several := g.several[who]; several {
			note("person " + string(who))
		}
	}
	return doubled, nil
}

// Accounts implements population.Members.
func (g *gathered) Accounts() iter.Seq[string] {
	others := make([]string, len(g.fresh))
	for i, m := range g.fresh {
		others[i] = m.PersonID
	}
	return g.accounts.order(g.of).of(g.met, others, &g.accounts)
}

// lookUp finds out who is behind an account, and names them where that matters: somebody who is known to have no other account
// in the directory can't be on the list twice.
func (g *gathered) lookUp(tx store.Tx, m *newcomer) (string, error) {
	k, err := store.HolderOf(tx, g.of, m.PersonID)
	switch {
	case errors.Is(err, store.ErrNotFound) && m.Email == "":
		return "", nil
	case errors.Is(err, store.ErrNotFound):
		return "address " + m.Email, nil
	case err != nil:
		return "", err
	}
	m.who, m.gone = k.ID, departed(k)
	if g.note(k.ID, k.Accounts(g.of)) {
		return "person " + string(k.ID), nil
	}
	return "", nil
}

// departed tells whether somebody is known to have left, whatever an account of theirs says.
func departed(h store.Holder) bool {
	return access.Person{Standing: h.Standing, Offboarded: h.Offboarded}.Departed()
}

// note notes that somebody has several accounts in a directory, and tells whether they do.
func (p *pass) note(who access.PersonID, accounts int) bool {
	if accounts > 1 {
		p.several[who] = struct{}{}
	}
	return accounts > 1
}
