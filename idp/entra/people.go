package entra

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
)

// people are the tenant's accounts.
type people struct {
	*api
	activity *activity
}

// account is a user as Graph shows it, as far as it is asked for.
type account struct {
	Kind       string             `json:"@odata.type"`
	ID         string             `json:"id"`
	UPN        string             `json:"userPrincipalName"`
	Mail       string             `json:"mail"`
	Name       string             `json:"displayName"`
	Title      string             `json:"jobTitle"`
	Department string             `json:"department"`
	Company    string             `json:"companyName"`
	Office     string             `json:"officeLocation"`
	Number     string             `json:"employeeId"`
	Employment string             `json:"employeeType"`
	Sort       string             `json:"userType"`
	Enabled    *bool              `json:"accountEnabled"`
	Created    time.Time          `json:"createdDateTime"`
	Extension  map[string]*string `json:"onPremisesExtensionAttributes"`
	Manager    *account           `json:"manager"` // where a list was asked to say it
}

const (
	kindUser  = "#microsoft.graph.user"
	kindGroup = "#microsoft.graph.group"
	kindRole  = "#microsoft.graph.directoryRole"

	// personSelect are the properties that make a Person; Graph tells eleven unless it is asked.
	personSelect = "id,userPrincipalName,mail,displayName,jobTitle,department,companyName,officeLocation,employeeId,employeeType,userType,accountEnabled,createdDateTime,onPremisesExtensionAttributes"
	// mostFound is how many accounts of one address are looked at.
	mostFound = "100"
)

// FindPerson implements idp.Directory. The mail of one account may be the user principal name of another, and neither
// leads to an account as a path would: so it filters, and looks at what it is answered.
func (d *people) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	none := fmt.Errorf("%s: no account has the mail or the user principal name %s, check the address in Entra: %w", d.cfg.ID, address, idp.ErrNotFound)
	if strings.TrimSpace(address) == "" {
		return idp.Person{}, none
	}
	found, err := idp.Once(ctx, d.cfg.ID+"/users/of/"+idp.FoldAddress(address), func() ([]account, error) {
		filter := "mail eq " + quote(address) + " or userPrincipalName eq " + quote(address)
		return list[account](ctx, d.api, "search for accounts", exchange{path: "/users", query: options("$filter", filter, "$select", personSelect, "$top", mostFound)})
	})
	if err != nil {
		return idp.Person{}, err
	}
	found = slices.DeleteFunc(slices.Clone(found), func(u account) bool {
		return !isID(u.ID) || !idp.SameAddress(u.Mail, address) && !idp.SameAddress(u.UPN, address)
	})
	if len(found) == 0 {
		return idp.Person{}, none
	}
	u, err := d.only(found, address)
	if err != nil {
		return idp.Person{}, err
	}
	return d.withManager(ctx, u, d.beside(ctx, u.ID))
}

// only chooses the one account that has not left, or the one that has if there is no other.
func (d *people) only(found []account, address string) (account, error) {
	var here []account
	for _, u := range found {
		if d.status(u) != idp.Left {
			here = append(here, u)
		}
	}
	if len(here) == 0 {
		here = found
	}
	if len(here) > 1 {
		return account{}, fmt.Errorf("%s: %d accounts have the mail or the user principal name %s, make it unique in Entra: %w", d.cfg.ID, len(here), address, idp.ErrAmbiguous)
	}
	return here[0], nil
}

// Person implements idp.Directory. The account, its manager and its last sign-in are asked for at the same time.
func (d *people) Person(ctx context.Context, id string) (idp.Person, error) {
	if !isID(id) {
		return idp.Person{}, fmt.Errorf("%s: no account has the id %q, an id of Entra's is a GUID: %w", d.cfg.ID, id, idp.ErrNotFound)
	}
	rest := d.beside(ctx, id)
	u, err := d.account(ctx, id)
	if err != nil {
		_, _ = rest() // nothing goes on after this
		return idp.Person{}, err
	}
	return d.withManager(ctx, u, rest)
}

// around is what is told of an account elsewhere.
type around struct {
	boss *account // nil: nobody
	last time.Time
}

// beside begins to read an account's manager and last sign-in. Who needs no manager wants to know how somebody stands,
// and no more than is known already.
func (d *people) beside(ctx context.Context, id string) func() (around, error) {
	if idp.LeavesManagersOut(ctx) {
		return func() (around, error) { return around{last: d.activity.seen(id)}, nil }
	}
	last := aside(func() (time.Time, error) { return d.activity.of(ctx, id), nil })
	boss := aside(func() (*account, error) { return d.managerOf(ctx, id) })
	return func() (around, error) {
		got := around{}
		got.last, _ = last() // what broke off is unknown
		var err error
		got.boss, err = boss()
		return got, err
	}
}

// aside begins to read something.
func aside[T any](read func() (T, error)) func() (T, error) {
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		got := answer{err: errors.New("the read broke off; it will be tried again")}
		defer func() {
			_ = recover() // whoever waits is told that it broke off
			answered <- got
		}()
		got.value, got.err = read()
	}()
	return sync.OnceValues(func() (T, error) {
		got := <-answered
		return got.value, got.err
	})
}

// account reads the account with an id. What a read answers is compared with what was asked: a proxy's cache can return
// somebody else.
func (d *people) account(ctx context.Context, id string) (account, error) {
	return idp.Once(ctx, d.cfg.ID+"/users/"+id, func() (u account, err error) {
		err = d.call(ctx, "read account "+id, exchange{path: "/users/" + id, query: options("$select", personSelect)}, &u)
		if err == nil && !strings.EqualFold(u.ID, id) {
			err = answeredOther(d.cfg.ID, "account", id, u.ID)
		}
		return u, err
	})
}

// answeredOther is for a read that answers something else than was asked. It proves nothing about what was asked.
func answeredOther(directory, what, asked, given string) error {
	return fmt.Errorf("%s: asked for the %s %s, Graph answered %s: look for a proxy that keeps answers; it will be tried again", directory, what, asked, given)
}

// managerOf reads an account's manager, nil if it has none.
func (d *people) managerOf(ctx context.Context, id string) (*account, error) {
	return idp.Once(ctx, d.cfg.ID+"/users/"+id+"/manager", func() (*account, error) {
		var boss account
		err := d.call(ctx, "read the manager of account "+id, exchange{path: "/users/" + id + "/manager"}, &boss)
		switch {
		case errors.Is(err, idp.ErrNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		}
		return &boss, nil
	})
}

// withManager adds when somebody last signed in, and whom an account names as its manager: an account, or a contact,
// which is none.
func (d *people) withManager(ctx context.Context, u account, rest func() (around, error)) (idp.Person, error) {
	told, failed := rest()
	p, err := d.person(u)
	if err != nil {
		return idp.Person{}, err
	}
	if p.LastLogin = told.last; idp.LeavesManagersOut(ctx) {
		return p, nil
	}
	if failed != nil {
		return idp.Person{}, fmt.Errorf("looking for the manager of %s: %w", u.UPN, failed)
	}
	return d.under(p, told.boss)
}

// under is somebody with whom their account names as its manager.
func (d *people) under(p idp.Person, boss *account) (idp.Person, error) {
	switch {
	case boss == nil:
	case boss.Kind != "" && boss.Kind != kindUser || !isID(boss.ID):
		p.ManagerText = firstOf(boss.Mail, boss.Name, boss.ID)
	case boss.UPN == "":
		return idp.Person{}, d.hidden(boss.ID)
	default:
		p.ManagerID, p.ManagerEmail, p.ManagerKey = boss.ID, idp.FoldAddress(boss.Mail), boss.UPN
	}
	return p, nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// person is what an account tells. One of which Graph shows no more than the id may not be read: that is not somebody
// without a name.
func (d *people) person(u account) (idp.Person, error) {
	if u.UPN == "" || u.Enabled == nil {
		return idp.Person{}, d.hidden(u.ID)
	}
	return idp.Person{
		ID: u.ID, Login: u.UPN, Email: idp.FoldAddress(u.Mail), Name: u.Name, Number: u.Number, Title: u.Title, Department: u.Department,
		Type: u.employment(), Location: u.Office, Status: d.status(u), Created: u.Created,
	}, nil
}

func (d *people) hidden(id string) error {
	return fmt.Errorf("%s: Graph shows no more than the id of account %s: grant the application User.Read.All: %w", d.cfg.ID, id, idp.ErrDenied)
}

// employment is what sort of work relation an account stands for. One from outside says so, also where its userType was
// changed to Member.
func (u account) employment() string {
	if u.Employment == "" && (u.Sort == "Guest" || strings.Contains(u.UPN, "#EXT#")) {
		return "Guest"
	}
	return u.Employment
}

// status is whether an account can be used. Entra knows no more than that it can be or can't: one that can't has left,
// unless the organisation marks those that are on hold.
func (d *people) status(u account) idp.Status {
	switch {
	case u.Enabled == nil || *u.Enabled:
		return idp.Active
	case d.cfg.HoldAttribute != "" && strings.EqualFold(u.attribute(d.cfg.HoldAttribute), d.cfg.HoldValue):
		return idp.Suspended
	}
	return idp.Left
}

func (u account) attribute(name string) string {
	if v := u.Extension[name]; v != nil {
		return *v
	}
	return map[string]string{"employeeType": u.Employment, "companyName": u.Company, "department": u.Department, "jobTitle": u.Title}[name]
}
