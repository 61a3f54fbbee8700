package scim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"latchkey/idp"
)

const users = "/Users"

// FindPerson implements idp.Directory. A sign-in name is unique, an address is not, and the sign-in name of one may
// be the address of another; so both are looked for, and whatever comes is looked at.
func (d *Directory) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	u, err := d.byAddress(ctx, address)
	if err != nil {
		return idp.Person{}, err
	}
	return d.withManager(ctx, u)
}

func (d *Directory) byAddress(ctx context.Context, address string) (resource, error) {
	missing := fmt.Errorf("%s: no account has the e-mail or the sign-in name %q, check the address in the directory: %w", d.cfg.ID, address, idp.ErrNotFound)
	if strings.TrimSpace(address) == "" {
		return nil, missing
	}
	byName, err := d.search(ctx, "search for accounts by sign-in name", "userName", users, address, nameForms(), nameSamples)
	if err != nil {
		return nil, err
	}
	byMail, err := d.search(ctx, "search for accounts by address", "emails", users, address, addressForms(), addressSamples)
	if err != nil {
		return nil, err
	}
	found := map[string]resource{}
	for _, u := range slices.Concat(byName, byMail) {
		if u.carries(address) {
			found[u.id()] = u
		}
	}
	here := here(d.cfg.OnHold, found)
	switch len(here) {
	case 0:
		return nil, missing
	case 1:
		return here[0], nil
	}
	return nil, fmt.Errorf("%s: %d accounts have the e-mail or the sign-in name %s, make it unique in the directory: %w", d.cfg.ID, len(here), address, idp.ErrAmbiguous)
}

// here are the accounts that have not left, or those that have if there are no others.
func here(onHold []Mark, found map[string]resource) (all []resource) {
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

// Person implements idp.Directory.
func (d *Directory) Person(ctx context.Context, id string) (idp.Person, error) {
	u, err := d.byID(ctx, id)
	if err != nil {
		return idp.Person{}, err
	}
	return d.withManager(ctx, u)
}

// byID reads the account with an id. Servers that take a sign-in name for one have no account of that id.
func (d *Directory) byID(ctx context.Context, id string) (resource, error) {
	missing := fmt.Errorf("%s: no account has the id %q, it was deleted or is of another directory: %w", d.cfg.ID, id, idp.ErrNotFound)
	if dots(id) {
		return nil, missing
	}
	u, err := idp.Once(ctx, d.cfg.ID+users+"/"+id, func() (u resource, err error) {
		return u, d.do(ctx, call{what: "read an account", path: users + "/" + url.PathEscape(id)}, &u)
	})
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return nil, missing
	case err != nil:
		return nil, err
	case u.id() != id && u.id() != "" && u.carries(id):
		return nil, missing
	case u.id() != id:
		return nil, answeredOther(d.cfg.ID, "account", id, u.id())
	}
	return u, nil
}

// dots tells that an id can't stand in a path: nothing, or what a path takes for a way up.
func dots(id string) bool { return id == "" || id == "." || id == ".." }

// withManager adds the manager whom an account names.
func (d *Directory) withManager(ctx context.Context, u resource) (idp.Person, error) {
	p := d.person(u)
	key := managerOf(u)
	if idp.LeavesManagersOut(ctx) || key == "" {
		return p, nil
	}
	boss, err := d.manager(ctx, key)
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

// managerOf is by what an account names its manager: an id by the standard, an address with some servers.
func managerOf(u resource) string {
	boss := inside(u.get(enterprise)).get("manager")
	if _, complex := boss.(map[string]any); complex {
		return strings.TrimSpace(cmp.Or(inside(boss).text("value"), inside(boss).text("managerId")))
	}
	return strings.TrimSpace(textOf(boss))
}

func (d *Directory) manager(ctx context.Context, key string) (resource, error) {
	boss, err := d.byID(ctx, key)
	if errors.Is(err, idp.ErrNotFound) && strings.Contains(key, "@") {
		return d.byAddress(ctx, key)
	}
	return boss, err
}

func (d *Directory) person(u resource) idp.Person {
	name := cmp.Or(u.text("displayName"), u.at("name.formatted"), strings.TrimSpace(u.at("name.givenName")+" "+u.at("name.familyName")))
	return idp.Person{
		ID: u.id(), Login: u.text("userName"), Email: u.address(), Name: name, Title: u.text("title"),
		Number: inside(u.get(enterprise)).text("employeeNumber"), Department: inside(u.get(enterprise)).text("department"),
		Type: u.at(d.cfg.TypeAttribute), Location: u.at(d.cfg.LocationAttribute),
		Status: u.status(d.cfg.OnHold), Created: instant(u.at("meta.created")),
	}
}

// People implements idp.PeopleLister. The list is read to its end first: where it changes meanwhile it is begun anew.
func (d *Directory) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		all, err := d.list(ctx, "list the accounts", users, nil)
		if err != nil {
			yield(idp.Person{}, err)
			return
		}
		for _, u := range all {
			if u.status(d.cfg.OnHold) != idp.Left && !yield(d.person(u), nil) {
				return
			}
		}
	}
}
