package entra

import (
	"context"
	"iter"

	"latchkey/idp"
)

// everybody lists the tenant's accounts.
type everybody struct{ d *people }

// People implements idp.PeopleLister.
func (l everybody) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		p := newPager[account](l.d.api, "list the accounts", exchange{path: "/users", query: options("$select", personSelect, "$top", mostInPage)})
		first, err := p.next(ctx)
		if err != nil {
			yield(idp.Person{}, err)
			return
		}
		last := l.d.activity.all(ctx)
		for u, err := range p.rest(ctx, first) {
			var one idp.Person
			if err == nil {
				one, err = l.d.person(u)
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
