package sandbox

import (
	"fmt"
	"net/http"
	"time"

	"latchkey/sandbox/okta"
)

// oktaDirectory is an Okta org as one directory of several.
type oktaDirectory struct {
	*okta.Server
	token string
}

func newOkta(w *World, id string, number int) Directory {
	cfg := w.cfg.Okta
	cfg.Token = either(cfg.Token, okta.DemoToken)
	if number > 0 {
		cfg.Token, cfg.OrgID, cfg.First = fmt.Sprintf("%s-%d", cfg.Token, number), fmt.Sprintf("00o0000000acme%06d", number+1), int64(number)*1_000_000
	}
	cfg.Clock, cfg.Logf, cfg.OnChange = w.Clock, w.cfg.Logf, w.change
	d := oktaDirectory{okta.New(cfg), cfg.Token}
	if w.Okta == nil {
		w.Okta = d.Server
	}
	return Directory{id, "okta", d, d, d, d, d, oktaApps{d.Server}, d}
}

// SignInWith implements DirectorySignIns.
func (d oktaDirectory) SignInWith(code, address string) error {
	id := d.AccountID(address)
	if id == "" && address != "" {
		return fmt.Errorf("okta: no account %q", address)
	}
	return d.Activate(code, id, address != "")
}

func (d oktaDirectory) Opened(string) map[string]string { return map[string]string{"token": d.token} }

func (d oktaDirectory) AddGroup(name, id string) error {
	d.Server.AddGroup(okta.Group{ID: id, Name: name, Description: "Access to " + name, Type: "OKTA_GROUP"})
	return nil
}

// Use has somebody sign in to an application.
func (d oktaDirectory) Use(app, address string, at time.Time) error {
	for _, a := range d.Snapshot().Apps {
		if a.Label != app {
			continue
		}
		if !d.RecordSSO(address, a.ID, at, "SUCCESS") {
			return fmt.Errorf("okta: no account %q", address)
		}
		return nil
	}
	return fmt.Errorf("okta: there is no application %s", app)
}

// oktaApps are the org's applications. Okta keeps no owners of them.
type oktaApps struct{ org *okta.Server }

func (d oktaApps) AddApp(a App) error {
	known := map[string]bool{}
	for _, g := range d.org.Groups() {
		known[g.Name] = true
	}
	for _, g := range a.Groups {
		if !known[g] {
			return fmt.Errorf("okta: there is no group %s", g)
		}
	}
	d.org.AddApp(okta.App{Label: a.Name, Groups: a.Groups})
	return nil
}

func (d oktaDirectory) GroupNames() (names []string) {
	for _, g := range d.Groups() {
		names = append(names, g.Name)
	}
	return names
}

func (d oktaDirectory) RenameGroup(name, to string) error {
	return d.EditGroup(name, func(g *okta.Group) { g.Name = to })
}

func (d oktaDirectory) DeleteGroup(name string) error {
	if !d.Server.DeleteGroup(name) {
		return fmt.Errorf("okta: there is no group %s", name)
	}
	return nil
}

func (d oktaDirectory) SetMember(group, address string, in bool) error {
	if !d.Server.SetMember(group, address, in) {
		return fmt.Errorf("okta: no group %q or person %q", group, address)
	}
	return nil
}

func (d oktaDirectory) Hire(a Account) error {
	if d.AccountID(a.Address) != "" {
		return fmt.Errorf("okta: %s has an account already", a.Address)
	}
	u := okta.User{Created: a.Created, Status: "ACTIVE"}
	d.write(&u, a)
	d.AddUser(u)
	return nil
}

func (d oktaDirectory) Edit(address string, edit func(*Account)) error {
	return d.EditUser(address, func(u *okta.User) {
		a := Account{Address: u.Login, First: u.First, Last: u.Last, Title: u.Title, Department: u.Department, Manager: u.ManagerID, Type: u.UserType, Number: u.EmployeeNumber, LastLogin: u.LastLogin}
		edit(&a)
		d.write(u, a)
	})
}

func (oktaDirectory) write(u *okta.User, a Account) {
	u.Login, u.Email, u.First, u.Last, u.Title, u.Department = a.Address, a.Address, a.First, a.Last, a.Title, a.Department
	u.ManagerID, u.UserType, u.EmployeeNumber, u.LastLogin = a.Manager, a.Type, a.Number, a.LastLogin
}

func (d oktaDirectory) SetState(address string, state AccountState) error {
	status := map[AccountState]string{Active: "ACTIVE", Suspended: "SUSPENDED", Left: "DEPROVISIONED"}[state]
	if status == "" || d.AccountID(address) == "" {
		return fmt.Errorf("okta: no account %q, or no state %q", address, state)
	}
	d.SetStatus(address, status)
	return nil
}

func (d oktaDirectory) Fire(address string) error {
	if d.AccountID(address) == "" {
		return fmt.Errorf("okta: no account %q", address)
	}
	d.DeleteUser(address)
	return nil
}

func (d oktaDirectory) AccountID(address string) string {
	for _, u := range d.Users() {
		if u.Login == address {
			return u.ID
		}
	}
	return ""
}

func (d oktaDirectory) Break(t Trouble) error {
	f := okta.Fault{Status: t.Status, Times: t.Times, Until: t.Until, Drop: t.Drop, After: t.After}
	switch t.Of {
	case Anything:
	case Adding:
		f.Method, f.Path = http.MethodPut, "/api/v1/groups/*/users/*"
	case Removing:
		f.Method, f.Path = http.MethodDelete, "/api/v1/groups/*/users/*"
	case Reading:
		f.Method = http.MethodGet
	default:
		return fmt.Errorf("okta: %q is no operation that can go wrong", t.Of)
	}
	d.AddFault(f)
	return nil
}

func (d oktaDirectory) Mend() { d.ClearFaults() }
