package scim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"latchkey/idp"
)

const usersPath = "/Users"

// accounts reads accounts.
type accounts struct {
	*api
	filters *filters
}

// byAddress finds the account of an address. A sign-in name is unique, an address is not, and the sign-in name of one may
// be the address of another; so both are looked for, and whatever comes is looked at.
func (a *accounts) byAddress(ctx context.Context, address string) (resource, error) {
	missing := fmt.Errorf("%s: no account has the e-mail or the sign-in name %q, check the address in the directory: %w", a.cfg.ID, address, idp.ErrNotFound)
	if strings.TrimSpace(address) == "" {
		return nil, missing
	}
	byName, err := a.filters.search(ctx, "search for accounts by sign-in name", "userName", usersPath, address, nameForms(), nameSamples)
	if err != nil {
		return nil, err
	}
	byMail, err := a.filters.search(ctx, "search for accounts by address", "emails", usersPath, address, addressForms(), addressSamples)
	if err != nil {
		return nil, err
	}
	found := map[string]resource{}
	for _, u := range slices.Concat(byName, byMail) {
		if u.carries(address) {
			found[u.id()] = u
		}
	}
	here := present(a.cfg.OnHold, found)
	switch len(here) {
	case 0:
		return nil, missing
	case 1:
		return here[0], nil
	}
	return nil, fmt.Errorf("%s: %d accounts have the e-mail or the sign-in name %s, make it unique in the directory: %w", a.cfg.ID, len(here), address, idp.ErrAmbiguous)
}

// present are the accounts that have not left, or those that have if there are no others.
func present(onHold []Mark, found map[string]resource) (all []resource) {
	for _, u := range found {
		if u.status(onHold) != idp.Left {
			all = append(all, u)
		}
	}
	if len(all) == 0 {
		for _, u := range found {
			all = append(all, u)
		}
	}
	return all
}

func nameForms() []func(string) string {
	return []func(string) string{func(v string) string { return "userName eq " + quote(v) }}
}

// nameSamples and addressSamples are in the other letter case: sign-in names and addresses have none, and a server
// that minds it doesn't find everybody.
func nameSamples(r resource) []string { return []string{otherCase(r.text("userName"))} }

func addressSamples(r resource) []string { return []string{otherCase(r.address())} }

// addressForms are the two ways in which servers take a filter for an address.
func addressForms() []func(string) string {
	return []func(string) string{
		func(v string) string { return "emails.value eq " + quote(v) },
		func(v string) string { return "emails[value eq " + quote(v) + "]" },
	}
}

// byID reads the account with an id. Servers that take a sign-in name for one have no account of that id.
func (a *accounts) byID(ctx context.Context, id string) (resource, error) {
	missing := fmt.Errorf("%s: no account has the id %q, it was deleted or is of another directory: %w", a.cfg.ID, id, idp.ErrNotFound)
	if noPath(id) {
		return nil, missing
	}
	u, err := idp.Once(ctx, a.cfg.ID+usersPath+"/"+id, func() (u resource, err error) {
		return u, a.do(ctx, call{what: "read an account", path: usersPath + "/" + url.PathEscape(id)}, &u)
	})
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return nil, missing
	case err != nil:
		return nil, err
	case u.id() != id && u.id() != "" && u.carries(id):
		return nil, missing
	case u.id() != id:
		return nil, answeredOther(a.cfg.ID, "account", id, u.id())
	}
	return u, nil
}

// noPath tells that an id can't stand in a path: nothing, or what a path takes for a way up.
func noPath(id string) bool { return id == "" || id == "." || id == ".." }

// withManager adds the manager whom an account names.
func (a *accounts) withManager(ctx context.Context, u resource) (idp.Person, error) {
	p := a.person(u)
	key := managerOf(u)
	if idp.LeavesManagersOut(ctx) || key == "" {
		return p, nil
	}
	boss, err := a.manager(ctx, key)
	switch {
	case errors.Is(err, idp.ErrNotFound), errors.Is(err, idp.ErrAmbiguous):
		p.ManagerText = key
	case err != nil:
		return idp.Person{}, fmt.Errorf("looking for the manager of %s: %w", p.Login, err)
	default:
		p.ManagerID, p.ManagerEmail, p.ManagerKey = boss.id(), boss.address(), key
	}
	return p, nil
}

// managerOf is by what an account names its manager: an id by the standard, an address or a sign-in name
// with some servers.
func managerOf(u resource) string {
	boss := inside(u.get(enterprise)).get("manager")
	if _, complex := boss.(map[string]any); complex {
		return strings.TrimSpace(cmp.Or(inside(boss).text("value"), inside(boss).text("managerId")))
	}
	return strings.TrimSpace(textOf(boss))
}

func (a *accounts) manager(ctx context.Context, key string) (resource, error) {
	boss, err := a.byID(ctx, key)
	if errors.Is(err, idp.ErrNotFound) {
		return a.byAddress(ctx, key)
	}
	return boss, err
}

func (a *accounts) person(u resource) idp.Person {
	name := cmp.Or(u.text("displayName"), u.at("name.formatted"), strings.TrimSpace(u.at("name.givenName")+" "+u.at("name.familyName")))
	return idp.Person{
		ID: u.id(), Login: u.text("userName"), Email: u.address(), Name: name, Title: u.text("title"),
		Number: inside(u.get(enterprise)).text("employeeNumber"), Department: inside(u.get(enterprise)).text("department"),
		Type: u.at(a.cfg.TypeAttribute), Location: u.at(a.cfg.LocationAttribute),
		Status: u.status(a.cfg.OnHold), Created: instant(u.at("meta.created")),
	}
}

// together is how many accounts are read with one filter.
const together = 20

// byIDs reads accounts by their ids, at once where the server can; whom that doesn't show is read alone. Nothing
// is said of those that are no more.
func (a *accounts) byIDs(ctx context.Context, ids []string) (map[string]resource, error) {
	known := map[string]resource{}
	if len(ids) > 1 {
		clauses := make([]string, len(ids))
		for i, id := range ids {
			clauses[i] = "id eq " + quote(id)
		}
		page, err := a.page(ctx, "read some accounts", usersPath, url.Values{"filter": {strings.Join(clauses, " or ")}}, 1, len(ids))
		if err != nil && !unfiltered(err) {
			return nil, err
		}
		for _, u := range page.Resources {
			if slices.Contains(ids, u.id()) {
				known[u.id()] = u
			}
		}
	}
	for _, id := range ids {
		if known[id] != nil {
			continue
		}
		u, err := a.byID(ctx, id)
		if err != nil && !gone(err) {
			return nil, err
		}
		if err == nil {
			known[id] = u
		}
	}
	return known, nil
}
