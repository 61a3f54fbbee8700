package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	admin "google.golang.org/api/admin/directory/v1"

	"latchkey/idp"
)

const (
	// peoplePage is the most accounts that a page of them holds.
	peoplePage = 500
	myCustomer = "my_customer"
	// testDomain ends an address that Google gives every account beside its own. It is nobody's to be found by.
	testDomain = ".test-google-a.com"
)

// accounts are a customer's, and what is done to one.
type accounts struct{ *api }

// email is one of a user's emails[].
type email struct {
	Address    string
	Type       string
	CustomType string `json:"customType"`
	Primary    bool
}

// listed reads a property that the library leaves as it comes; empty if it isn't of this shape.
func listed[T any](property any) (all []T) {
	raw, err := json.Marshal(property)
	if err != nil || json.Unmarshal(raw, &all) != nil {
		return nil
	}
	return all
}

// FindPerson implements idp.Directory. Primary addresses and aliases are unique, and found under them without delay; an
// alias leads to the account, but isn't its address. Mail elsewhere is found by a search, whose index may trail by hours.
func (d *accounts) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	var found []*admin.User
	if strings.Contains(address, "@") {
		var err error
		if found, err = d.byAddress(ctx, address); err != nil {
			return idp.Person{}, err
		}
	}
	here := slices.DeleteFunc(slices.Clone(found), func(u *admin.User) bool { return d.status(u) == idp.Left })
	if len(here) == 0 {
		here = found
	}
	switch len(here) {
	case 0:
		return idp.Person{}, fmt.Errorf("%s: no account has the address %s, check it in Google: %w", d.cfg.ID, address, idp.ErrNotFound)
	case 1:
		return d.withManager(ctx, here[0])
	}
	return idp.Person{}, fmt.Errorf("%s: %d accounts have the address %s, make it unique in Google: %w", d.cfg.ID, len(here), address, idp.ErrAmbiguous)
}

// byAddress takes only accounts that carry the address for an answer. That an address can't be looked at may be because
// it is of another organisation: then only a search of this one tells whether anybody has it.
func (d *accounts) byAddress(ctx context.Context, address string) (found []*admin.User, err error) {
	u, err := d.byKey(ctx, address)
	elsewhere := errors.Is(err, idp.ErrDenied) && !badCredentials(err)
	if err != nil && !elsewhere {
		return nil, err
	}
	if u != nil && d.carries(u, address) {
		found = append(found, u)
	}
	if d.cfg.EmailType == "" && !elsewhere {
		return found, nil
	}
	others, err := d.search(ctx, address)
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		if d.carries(o, address) && !slices.ContainsFunc(found, func(f *admin.User) bool { return f.Id == o.Id }) {
			found = append(found, o)
		}
	}
	return found, nil
}

// carries tells whether an address is the account's sign-in name, its mail or an alias of it.
func (d *accounts) carries(u *admin.User, address string) bool {
	is := func(a string) bool { return idp.SameAddress(a, address) }
	return u.Id != "" && (is(u.PrimaryEmail) || is(d.email(u)) || slices.ContainsFunc(u.Aliases, is) ||
		slices.ContainsFunc(u.NonEditableAliases, is) && !strings.HasSuffix(idp.FoldAddress(address), testDomain))
}

// byKey reads what Google has under a key: an id, an address or an alias; nil if there is nothing. The caller checks which.
func (d *accounts) byKey(ctx context.Context, key string) (*admin.User, error) {
	if key == "" {
		return nil, nil
	}
	user, err := idp.Once(ctx, d.cfg.ID+"/users/"+key, func() (user *admin.User, err error) {
		err = d.call(ctx, admin.AdminDirectoryUserReadonlyScope, "read an account", func(ctx context.Context) error {
			user, err = d.admin.Users.Get(key).Projection("full").Context(ctx).Do()
			return err
		})
		return user, err
	})
	if errors.Is(err, idp.ErrNotFound) || noKey(err) {
		return nil, nil
	}
	return user, err
}

// search finds accounts by any of their addresses.
func (d *accounts) search(ctx context.Context, address string) ([]*admin.User, error) {
	return all(d.users(ctx, "search for accounts", "email="+quote(address), nil))
}

// quote writes a value of a search. Addresses and names come from people.
func quote(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// users goes through the accounts that a query fits; all of them if it is empty. note is told of each page as it was
// received, unless nil.
func (d *accounts) users(ctx context.Context, what, query string, note func(body []byte) error) iter.Seq2[*admin.User, error] {
	return pages(func(token string) (some []*admin.User, next string, err error) {
		var body []byte
		ctx := keeping(ctx, &body)
		err = d.call(ctx, admin.AdminDirectoryUserReadonlyScope, what, func(ctx context.Context) error {
			c := d.admin.Users.List().Customer(myCustomer).MaxResults(peoplePage).Projection("full").Context(ctx)
			if query != "" {
				c = c.Query(query)
			}
			if token != "" {
				c = c.PageToken(token)
			}
			page, err := c.Do()
			if err == nil {
				some, next = page.Users, page.NextPageToken
			}
			return err
		})
		if err == nil && note != nil {
			err = note(body)
		}
		return some, next, err
	})
}

// Person implements idp.Directory.
func (d *accounts) Person(ctx context.Context, id string) (idp.Person, error) {
	var user *admin.User
	if !strings.Contains(id, "@") { // an address is no id, though Google takes it for a key
		var err error
		if user, err = d.byKey(ctx, id); err != nil {
			return idp.Person{}, err
		}
	}
	switch {
	case user == nil:
		return idp.Person{}, fmt.Errorf("%s: no account has the id %q, it was deleted or is of another organisation: %w", d.cfg.ID, id, idp.ErrNotFound)
	case user.Id != id:
		return idp.Person{}, answeredOther(d.cfg.ID, "account", id, user.Id)
	}
	return d.withManager(ctx, user)
}

// answeredOther is for a read that answers something else than was asked. It proves nothing about what was asked.
func answeredOther(directory, what, asked, answered string) error {
	return fmt.Errorf("%s: asked for the %s %s, Google answered %s: look for a proxy that keeps answers; it will be tried again", directory, what, asked, answered)
}

// withManager adds the manager whom an account names: by an address, which may be nobody's any more.
func (d *accounts) withManager(ctx context.Context, u *admin.User) (idp.Person, error) {
	p := d.person(u)
	if idp.LeavesManagersOut(ctx) {
		return p, nil
	}
	var unresolved []string
	for _, key := range managerKeys(u) {
		boss, err := d.byKey(ctx, key)
		if err != nil && (!errors.Is(err, idp.ErrDenied) || badCredentials(err)) {
			return idp.Person{}, fmt.Errorf("looking for the manager of %s: %w", p.Login, err)
		}
		if err == nil && boss != nil && (boss.Id == key || d.carries(boss, key)) {
			p.ManagerID, p.ManagerEmail, p.ManagerKey = boss.Id, idp.FoldAddress(d.email(boss)), key
			return p, nil
		}
		unresolved = append(unresolved, key)
	}
	p.ManagerText = strings.Join(unresolved, ", ")
	return p, nil
}

// organization is one of a user's organizations[].
type organization struct {
	Title, Department, Description, Location string
	Primary                                  bool
}

func (d *accounts) person(u *admin.User) idp.Person {
	p := idp.Person{
		ID: u.Id, Login: u.PrimaryEmail, Email: idp.FoldAddress(d.email(u)), Status: d.status(u),
		Created: instant(u.CreationTime), LastLogin: instant(u.LastLoginTime),
	}
	if u.Name != nil {
		p.Name = u.Name.FullName
	}
	orgs := listed[organization](u.Organizations)
	slices.SortStableFunc(orgs, func(a, b organization) int { return rank(b.Primary) - rank(a.Primary) })
	if len(orgs) > 0 {
		p.Title, p.Department, p.Type, p.Location = orgs[0].Title, orgs[0].Department, orgs[0].Description, orgs[0].Location
	}
	for _, id := range listed[struct{ Type, Value string }](u.ExternalIds) {
		if id.Type == "organization" {
			p.Number = id.Value
		}
	}
	return p
}

func rank(first bool) int {
	if first {
		return 1
	}
	return 0
}

// email is somebody's mail: the primary address, or, where mail is elsewhere, the one contact address of the type that
// the configuration names.
func (d *accounts) email(u *admin.User) string {
	if d.cfg.EmailType == "" {
		return u.PrimaryEmail
	}
	elsewhere := slices.DeleteFunc(listed[email](u.Emails), func(e email) bool {
		return e.Primary || e.Type != d.cfg.EmailType && e.CustomType != d.cfg.EmailType || e.Address == ""
	})
	if len(elsewhere) != 1 {
		return u.PrimaryEmail
	}
	return elsewhere[0].Address
}

// status folds Google's states. An archived account is one whose owner has left; a suspended one may be that, too, and
// then the configuration says so.
func (d *accounts) status(u *admin.User) idp.Status {
	switch {
	case u.Archived || u.Suspended && d.cfg.SuspendedLeft:
		return idp.Left
	case u.Suspended:
		return idp.Suspended
	}
	return idp.Active
}

// instant reads a time. Who never signed in did so, by Google's word, in 1970.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Unix() <= 0 {
		return time.Time{}
	}
	return t
}

// People implements idp.PeopleLister. The list leaves out who was deleted.
func (d *accounts) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return d.list(ctx, d.person)
}

// PeopleAndManagers implements idp.ManagerLister: an account's relations are in the list.
func (d *accounts) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	return d.list(ctx, func(u *admin.User) idp.Person {
		p := d.person(u)
		p.ManagerKey = strings.Join(managerKeys(u), ", ")
		return p
	})
}

// managerKeys are by what an account names its manager.
func managerKeys(u *admin.User) (keys []string) {
	for _, r := range listed[struct{ Type, Value string }](u.Relations) {
		if key := strings.TrimSpace(r.Value); r.Type == "manager" && key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// list lists the accounts, each as it is told.
func (d *accounts) list(ctx context.Context, told func(*admin.User) idp.Person) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		for u, err := range d.users(ctx, "list the accounts", "", nil) {
			if err != nil {
				yield(idp.Person{}, err)
				return
			}
			if d.status(u) != idp.Left && !yield(told(u), nil) {
				return
			}
		}
	}
}
