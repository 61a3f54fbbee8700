package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"strings"
	"time"

	"latchkey/sandbox/google"
)

// googleDirectory is a Google Workspace as one directory of several.
type googleDirectory struct {
	*google.Server
	account google.ServiceAccount
	admin   string
}

func newGoogle(w *World, id string, number int) Directory {
	domain := strings.TrimPrefix(Email(""), "@")
	d := googleDirectory{account: google.ServiceAccount{
		Email: fmt.Sprintf("latchkey@acme-%d.iam.gserviceaccount.com", number), ClientID: fmt.Sprintf("10451234567890123%04d", number),
		KeyID: fmt.Sprintf("key-%d", number), Scopes: google.LatchkeyScopes(),
	}}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil && w.cfg.Logf != nil {
		w.cfg.Logf("sandbox: no key for Google: %v", err)
	}
	d.account.Key, d.admin = key, google.AdminName+"@"+domain
	d.Server = google.New(google.Config{
		CustomerID: fmt.Sprintf("C03acme%02d", number), Domains: []string{domain}, Accounts: []google.ServiceAccount{d.account}, First: int64(number) * 1_000_000,
		Clock: w.Clock, Logf: w.cfg.Logf, OnChange: w.change,
	})
	return Directory{id, "google", d, d, d, d, d, nil, nil}
}

func (d googleDirectory) Opened(url string) map[string]string {
	key, err := d.account.KeyFile(url + "/token")
	if err != nil {
		key = "" // Latchkey says that it has no key
	}
	return map[string]string{"key": key, "subject": d.admin}
}

func (d googleDirectory) AddGroup(name, id string) error {
	d.Server.AddGroup(google.Group{ID: id, Name: name, Description: "Access to " + name})
	return nil
}

// Use has somebody sign in to an application by SAML. Google knows of it by its name alone.
func (d googleDirectory) Use(app, address string, at time.Time) error {
	account := d.AccountID(address)
	if account == "" {
		return fmt.Errorf("google: no account %q", address)
	}
	d.SAML(account, app, at, false)
	return nil
}

func (d googleDirectory) GroupNames() (names []string) {
	for _, g := range d.AllGroups() {
		names = append(names, g.Name)
	}
	return names
}

func (d googleDirectory) RenameGroup(name, to string) error {
	return d.EditGroup(name, func(g *google.Group) { g.Name = to })
}

func (d googleDirectory) DeleteGroup(name string) error {
	if !d.Server.DeleteGroup(name) {
		return fmt.Errorf("google: there is no group %s", name)
	}
	return nil
}

func (d googleDirectory) SetMember(group, address string, in bool) error {
	if d.AccountID(address) == "" || !d.Server.SetMember(group, address, in) {
		return fmt.Errorf("google: no group %q or person %q", group, address)
	}
	return nil
}

func (d googleDirectory) Hire(a Account) error {
	if d.AccountID(a.Address) != "" {
		return fmt.Errorf("google: %s has an account already", a.Address)
	}
	u := google.User{Created: a.Created}
	d.write(&u, a)
	d.AddUser(u)
	return nil
}

func (d googleDirectory) Edit(address string, edit func(*Account)) error {
	return d.EditUser(address, func(u *google.User) {
		a := Account{Address: u.Email, First: u.Given, Last: u.Family, Title: u.Title, Department: u.Department, Manager: u.Manager, Type: u.Kind, Number: u.Number, LastLogin: u.LastLogin}
		edit(&a)
		d.write(u, a)
	})
}

func (googleDirectory) write(u *google.User, a Account) {
	u.Email, u.Given, u.Family, u.Title, u.Department = a.Address, a.First, a.Last, a.Title, a.Department
	u.Manager, u.Kind, u.Number, u.LastLogin = a.Manager, a.Type, a.Number, a.LastLogin
}

func (d googleDirectory) SetState(address string, state AccountState) error {
	if state != Active && state != Suspended && state != Left {
		return fmt.Errorf("google: no state %q", state)
	}
	return d.EditUser(address, func(u *google.User) { u.Suspended, u.Archived = state == Suspended, state == Left })
}

func (d googleDirectory) Fire(address string) error {
	if d.AccountID(address) == "" {
		return fmt.Errorf("google: no account %q", address)
	}
	d.DeleteUser(address)
	return nil
}

func (d googleDirectory) AccountID(address string) string {
	for _, u := range d.Users() {
		if u.Email == address {
			return u.ID
		}
	}
	return ""
}

func (d googleDirectory) Break(t Trouble) error {
	f := google.Fault{Status: t.Status, Times: t.Times, Until: t.Until, Drop: t.Drop, After: t.After}
	switch t.Of {
	case Anything:
	case Adding:
		f.Method, f.Path = http.MethodPost, "/admin/directory/v1/groups/*/members"
	case Removing:
		f.Method, f.Path = http.MethodDelete, "/admin/directory/v1/groups/*/members/*"
	case Reading:
		f.Method = http.MethodGet
	default:
		return fmt.Errorf("google: %q is no operation that can go wrong", t.Of)
	}
	d.AddFault(f)
	return nil
}

func (d googleDirectory) Mend() { d.ClearFaults() }
