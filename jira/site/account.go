package site

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"latchkey/access"
	"latchkey/jira/rest"
)

// Accounts finds people's accounts.
type Accounts struct {
	api   *rest.Client
	known *rest.Cache[string] // e-mail -> account id
}

// NewAccounts makes a finder of accounts.
func NewAccounts(api *rest.Client) *Accounts {
	return &Accounts{api: api, known: rest.NewCache[string]()}
}

// Account finds the Jira account of a person, or "" when it can't be told for
// certain which one it is. A binding made elsewhere is trusted.
func (a *Accounts) Account(ctx context.Context, p access.Person) (string, error) {
	if id := p.Account("jira"); id != "" {
		return id, nil
	}
	if p.Email == "" || slices.ContainsFunc(p.Bindings, access.Binding.IsAddress) && !p.Holds(p.Email) {
		return "", nil // what is merely shown may be somebody else's
	}
	if id, ok := a.known.Get(string(p.Email)); ok {
		return id, nil
	}
	var found []rest.User
	query := url.Values{"query": {string(p.Email)}, "maxResults": {strconv.Itoa(accountsAtOnce)}}
	if err := a.api.Fetch(ctx, rest.Get("look the requester up", "rest/api/3/user/search", query), &found); err != nil {
		return "", err
	}
	id := pickAccount(found, p.Email, len(found) < accountsAtOnce)
	if id != "" {
		a.known.Put(string(p.Email), id)
	}
	return id, nil
}

// accountsAtOnce is how many accounts are asked for that match an address.
const accountsAtOnce = 50

// pickAccount picks the account that certainly belongs to the address. The search
// matches beginnings, also of addresses the answer does not show, so a hidden
// address counts only if nothing else matched, and these are all.
func pickAccount(found []rest.User, who access.Email, all bool) string {
	var exact, hidden []string
	for _, u := range found {
		switch {
		case !u.Active || u.AccountType == "app":
		case access.NewEmail(u.EmailAddress) == who:
			exact = append(exact, u.AccountID)
		case u.EmailAddress == "" && u.AccountType == "atlassian":
			hidden = append(hidden, u.AccountID)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0]
	case len(exact) == 0 && len(hidden) == 1 && all:
		return hidden[0]
	}
	return ""
}

// Forget drops the account remembered for a person, because Jira did not take it.
func (a *Accounts) Forget(p access.Person) { a.known.Drop(string(p.Email)) }
