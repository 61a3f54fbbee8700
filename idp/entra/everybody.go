package entra

import (
	"context"
	"fmt"
	"iter"
	"net/url"

	"latchkey/idp"
)

// everybody lists the tenant's accounts.
type everybody struct{ d *people }

// withBosses asks a list to say the manager of each account. Properties of managers need a number of levels.
const withBosses = "manager($levels=1;$select=id,userPrincipalName,mail,displayName)"

// People implements idp.PeopleLister.
func (l everybody) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return l.list(ctx, options("$select", personSelect, "$top", mostInPage), l.d.person)
}

// PeopleAndManagers implements idp.ManagerLister. That a list names no manager at all is believed once some of those on it were asked
// for alone: a service that left out what it was asked to add would make everybody's manager nobody.
func (l everybody) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	query := options("$select", personSelect, "$expand", withBosses, "$top", mostInPage)
	return func(yield func(idp.Person, error) bool) {
		named, some := false, sample{every: 1}
		for p, err := range l.list(ctx, query, func(u account) (idp.Person, error) {
			named = named || u.Manager != nil
			some.add(u)
			p, err := l.d.person(u)
			if err != nil {
				return p, err
			}
			return l.d.under(p, u.Manager)
		}) {
			if !yield(p, err) || err != nil {
				return
			}
		}
		if !named {
			if err := l.nobodyManaged(ctx, some.taken); err != nil {
				yield(idp.Person{}, err)
			}
		}
	}
}

// nobodyManaged asks for accounts alone of which a list named no manager.
func (l everybody) nobodyManaged(ctx context.Context, some []account) error {
	for _, u := range some {
		switch boss, err := l.d.managerOf(ctx, u.ID); {
		case err != nil:
			return fmt.Errorf("%s: the list of accounts doesn't say who their managers are, and whether %s has one wasn't said either; it will be tried again: %w", l.d.cfg.ID, u.UPN, err)
		case boss != nil:
			return fmt.Errorf("%s: the list of accounts doesn't say who their managers are, and %s has one; it will be tried again", l.d.cfg.ID, u.UPN)
		}
	}
	return nil
}

// sampled is how many accounts are asked for alone at the most.
const sampled = 16

// sample are some of many accounts, from all over a list whose length nobody knows before its end.
type sample struct {
	taken []account
	seen  int
	every int
}

func (s *sample) add(u account) {
	if s.seen++; (s.seen-1)%s.every != 0 {
		return
	}
	if s.taken = append(s.taken, u); len(s.taken) <= sampled {
		return
	}
	for i := range (len(s.taken) + 1) / 2 { // every other one, and half as many from here on
		s.taken[i] = s.taken[2*i]
	}
	s.taken = s.taken[:(len(s.taken)+1)/2]
	s.every *= 2
}

// list lists the tenant's accounts, each as it is told.
func (l everybody) list(ctx context.Context, query url.Values, told func(account) (idp.Person, error)) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		p := newPager[account](l.d.api, "list the accounts", exchange{path: "/users", query: query})
		first, err := p.next(ctx)
		if err != nil {
			yield(idp.Person{}, err)
			return
		}
		last := l.d.activity.all(ctx)
		for u, err := range p.rest(ctx, first) {
			var one idp.Person
			if err == nil {
				one, err = told(u)
				one.LastLogin = last(u.ID)
			}
			if err != nil {
				yield(idp.Person{}, err)
				return
			}
			if one.Status != idp.Left && !yield(one, nil) {
				return
			}
		}
	}
}
