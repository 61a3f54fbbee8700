package jira

import (
	"context"
	"net/url"
	"slices"

	"latchkey/access"
)

type user struct {
	AccountID    string
	AccountType  string
	EmailAddress string // absent when the person hides it
	DisplayName  string
	Active       bool
}

// accountOf finds the Jira account of a person, or "" when it can't be told for
// certain which one it is. A binding made elsewhere is trusted.
func (c *Client) accountOf(ctx context.Context, p access.Person) (string, error) {
	if id := p.Account("jira"); id != "" {
		return id, nil
	}
	if p.Email == "" || slices.ContainsFunc(p.Bindings, access.Binding.IsAddress) && !p.Holds(p.Email) {
		return "", nil // what is merely shown may be somebody else's
	}
	if id, ok := c.people.get(string(p.Email)); ok {
		return id, nil
	}
	var found []user
	query := url.Values{"query": {string(p.Email)}, "maxResults": {"50"}}
	if err := c.ask(ctx, get("look the requester up", "rest/api/3/user/search", query), &found); err != nil {
		return "", err
	}
	id := choose(found, p.Email)
	if id != "" {
		c.people.put(string(p.Email), id)
	}
	return id, nil
}

// choose picks the account that certainly belongs to the address. The search
// matches beginnings, also of addresses the answer does not show, so a hidden
// address counts only if nothing else matched.
func choose(found []user, who access.Email) string {
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
	case len(exact) == 0 && len(hidden) == 1:
		return hidden[0]
	}
	return ""
}
