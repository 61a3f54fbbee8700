package okta

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// Person implements idp.Directory. E-mail addresses are not unique in Okta, so it searches; the index may
// trail the record, so a person the search does not know is also looked for by login.
func (d *Directory) Person(ctx context.Context, email string) (idp.Person, error) {
	user, err := d.byEmail(ctx, email)
	if err != nil {
		return idp.Person{}, err
	}
	p := person(user)
	if p.ManagerEmail, err = d.manager(ctx, profileText(user, d.cfg.ManagerAttribute)); err != nil {
		return idp.Person{}, fmt.Errorf("looking for the manager of %s: %w", email, err)
	}
	return p, nil
}

func (d *Directory) byEmail(ctx context.Context, email string) (*sdk.User, error) {
	users, err := d.search(ctx, "profile.email", email)
	if err != nil {
		return nil, err
	}
	if len(users) == 0 {
		user, err := d.byKey(ctx, email)
		if err != nil {
			return nil, err
		}
		if user == nil || !strings.EqualFold(profileText(user, "email"), email) {
			return nil, fmt.Errorf("%s: no account has the e-mail %s, check the address in Okta: %w", d.cfg.ID, email, idp.ErrNotFound)
		}
		return user, nil
	}
	return d.only(users, email)
}

// only chooses the one account that has not left, or the one that has if there is no other.
func (d *Directory) only(users []*sdk.User, email string) (*sdk.User, error) {
	var here []*sdk.User
	for _, u := range users {
		if status(u) != idp.Left {
			here = append(here, u)
		}
	}
	if len(here) == 0 {
		here = users
	}
	if len(here) > 1 {
		return nil, fmt.Errorf("%s: %d accounts have the e-mail %s, make it unique in Okta: %w", d.cfg.ID, len(here), email, idp.ErrAmbiguous)
	}
	return here[0], nil
}

// search finds accounts, in any status, by the exact value of a profile attribute.
func (d *Directory) search(ctx context.Context, attribute, value string) ([]*sdk.User, error) {
	expression := attribute + " eq " + quote(value)
	return list(ctx, d, "search for accounts", func(ctx context.Context, c *sdk.Client) ([]*sdk.User, *sdk.Response, error) {
		return c.User.ListUsers(ctx, query.NewQueryParams(query.WithSearch(expression), query.WithLimit(200)))
	})
}

func quote(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// byKey reads an account by id or login; nil if there is none. Okta also takes the short form of a login
// for a key, which would be a guess here. Logins with a slash can not be read this way at all.
func (d *Directory) byKey(ctx context.Context, key string) (*sdk.User, error) {
	if key == "" || key == "me" || strings.Contains(key, "/") {
		return nil, nil
	}
	var user *sdk.User
	err := d.call(ctx, "read an account", func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
		user, resp, err = c.User.GetUser(ctx, url.PathEscape(key))
		return resp, err
	})
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case user == nil || user.Id != key && !strings.EqualFold(profileText(user, "login"), key):
		return nil, nil
	}
	return user, nil
}

// manager resolves what orgs keep in the manager attribute: an id, a login, an e-mail or an employee
// number. What can not be resolved to exactly one account is no manager; failures are reported.
func (d *Directory) manager(ctx context.Context, key string) (string, error) {
	if key = strings.TrimSpace(key); key == "" {
		return "", nil
	}
	user, err := d.byKey(ctx, key)
	if err != nil {
		return "", err
	}
	for _, attribute := range []string{"profile.email", "profile.employeeNumber"} {
		if user != nil {
			break
		}
		users, err := d.search(ctx, attribute, key)
		if err != nil {
			return "", err
		}
		if len(users) == 0 {
			continue
		}
		if user, err = d.only(users, key); err != nil {
			d.cfg.Logger.WarnContext(ctx, "the manager is not unique", "directory", d.cfg.ID, "attribute", attribute, "error", err)
			return "", nil
		}
	}
	return email(user), nil
}

func person(u *sdk.User) idp.Person {
	name := profileText(u, "displayName")
	if name == "" {
		name = strings.TrimSpace(profileText(u, "firstName") + " " + profileText(u, "lastName"))
	}
	return idp.Person{
		ID: u.Id, Login: profileText(u, "login"), Email: email(u), Name: name,
		Title: profileText(u, "title"), Department: profileText(u, "department"),
		Status: status(u), Created: instant(u.Created), LastLogin: instant(u.LastLogin),
	}
}

// status folds Okta's eight account states. Whoever is on the way out counts as gone.
func status(u *sdk.User) idp.Status {
	const deprovisioned = "DEPROVISIONED"
	switch {
	case u.Status == deprovisioned || u.TransitioningToStatus == deprovisioned:
		return idp.Left
	case u.Status == "SUSPENDED":
		return idp.Suspended
	}
	return idp.Active
}

func email(u *sdk.User) string { return strings.ToLower(profileText(u, "email")) }

func profileText(u *sdk.User, attribute string) string {
	if u == nil || u.Profile == nil {
		return ""
	}
	text, _ := (*u.Profile)[attribute].(string)
	return text
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
