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

// PeopleAndManagers implements idp.ManagerLister. That a list names no manager of somebody is believed once one of those was asked
// for alone: a service that left out what it was asked to add would make everybody's manager nobody.
func (l everybody) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	named, asked := false, false
	return l.list(ctx, options("$select", personSelect, "$expand", withBosses, "$top", mostInPage), func(u account) (idp.Person, error) {
		p, err := l.d.person(u)
		if err != nil {
			return p, err
		}
		if named = named || u.Manager != nil; !named && !asked {
			asked = true
			if boss, err := l.d.managerOf(ctx, u.ID); err != nil {
				return p, fmt.Errorf("%s: the list of accounts doesn't say who their managers are, and whether %s has one wasn't said either; it will be tried again: %w", l.d.cfg.ID, u.UPN, err)
			} else if boss != nil {
				return p, fmt.Errorf("%s: the list of accounts doesn't say who their managers are, and %s has one; it will be tried again", l.d.cfg.ID, u.UPN)
			}
		}
		return l.d.under(p, u.Manager)
	})
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
