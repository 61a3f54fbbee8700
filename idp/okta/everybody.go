package okta

import (
	"context"
	"iter"
	"strings"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// everybody lists the org's accounts.
type everybody struct{ d *Directory }

// peoplePage is the most accounts that a page of them holds.
const peoplePage = 200

// People implements idp.PeopleLister. A list without conditions leaves out who was deactivated.
func (l everybody) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return l.list(ctx, l.d.person)
}

// PeopleAndManagers implements idp.ManagerLister: an account's profile is in the list, and what names its manager in that.
func (l everybody) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	return l.list(ctx, func(u *sdk.User) idp.Person {
		p := l.d.person(u)
		p.ManagerKey = strings.Join(profileTexts(u, l.d.cfg.ManagerAttribute), ", ")
		return p
	})
}

// list lists the org's accounts, each as it is told.
func (l everybody) list(ctx context.Context, told func(*sdk.User) idp.Person) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		p := &pager[*sdk.User]{api: l.d.api, what: "list the accounts", first: func(ctx context.Context, c *sdk.Client) ([]*sdk.User, *sdk.Response, error) {
			return c.User.ListUsers(ctx, query.NewQueryParams(query.WithLimit(peoplePage)))
		}}
		page, err := p.next(ctx)
		if err != nil {
			yield(idp.Person{}, err)
			return
		}
		for u, err := range p.rest(ctx, page) {
			if err != nil {
				yield(idp.Person{}, err)
				return
			}
			if u != nil && status(u) != idp.Left && !yield(told(u), nil) {
				return
			}
		}
	}
}
