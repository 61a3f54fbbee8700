package sandbox

import (
	"fmt"
	"net/http"
	"time"

	"latchkey/sandbox/entra"
)

// entraDirectory is an Entra tenant as one directory of several.
type entraDirectory struct {
	*entra.Server
	cfg entra.Config
}

// How the tenant marks accounts that are on hold: Entra itself knows no more than on and off.
const (
	holdAttribute = "extensionAttribute1"
	holdValue     = "hold"
)

func newEntra(w *World, id string, number int) Directory {
	cfg := entra.Config{Tenant: entra.DemoTenant, Client: entra.DemoClient, Secret: entra.DemoSecret, SignInClient: entra.DemoSignInClient, RedirectURIs: w.pages(id), Clock: w.Clock, Logf: w.cfg.Logf, OnChange: w.change}
	if number > 0 {
		cfg.Tenant = fmt.Sprintf("%s%04d", cfg.Tenant[:len(cfg.Tenant)-4], number)
		cfg.Client, cfg.Secret = fmt.Sprintf("%s%04d", cfg.Client[:len(cfg.Client)-4], number), fmt.Sprintf("%s-%d", cfg.Secret, number)
	}
	d := entraDirectory{entra.New(cfg), cfg}
	return Directory{id, "entra", d, d, d, d, d, entraApps{d}, d}
}

// SignInWith implements DirectorySignIns.
func (d entraDirectory) SignInWith(code, address string) error {
	id := d.AccountID(address)
	if id == "" && address != "" {
		return fmt.Errorf("entra: no account %q", address)
	}
	return d.Activate(code, id, address != "")
}

func (d entraDirectory) Opened(string) map[string]string {
	return map[string]string{
		"tenant": d.cfg.Tenant, "client_id": d.cfg.Client, "client_secret": d.cfg.Secret, "sign_in_client": d.cfg.SignInClient, "hold_attribute": holdAttribute, "hold_value": holdValue,
	}
}

func (d entraDirectory) AddGroup(name, id string) error {
	d.Server.AddGroup(entra.Group{ID: id, Name: name, Description: "Access to " + name})
	return nil
}

// entraApps are the tenant's enterprise applications.
type entraApps struct{ tenant entraDirectory }

func (d entraApps) AddApp(a App) error {
	made := entra.App{Name: a.Name, Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"}}
	for _, address := range a.Owners {
		id := d.tenant.AccountID(address)
		if id == "" {
			return fmt.Errorf("entra: no account %q", address)
		}
		made.Owners = append(made.Owners, id)
	}
	ids := map[string]string{}
	for _, g := range d.tenant.Groups() {
		ids[g.Name] = g.ID
	}
	for _, g := range a.Groups {
		if ids[g] == "" {
			return fmt.Errorf("entra: there is no group %s", g)
		}
	}
	made = d.tenant.AddApp(made)
	for _, g := range a.Groups {
		d.tenant.AssignApp(made.ID, ids[g], entra.AGroup, "")
	}
	return nil
}

// Use has somebody sign in to an application.
func (d entraDirectory) Use(app, address string, at time.Time) error {
	found, account := d.AppID(app), d.AccountID(address)
	if found == "" || account == "" {
		return fmt.Errorf("entra: no application %q or account %q", app, address)
	}
	d.RecordSignIn(account, found, at, 0)
	return nil
}

func (d entraDirectory) GroupNames() (names []string) {
	for _, g := range d.Groups() {
		names = append(names, g.Name)
	}
	return names
}

func (d entraDirectory) RenameGroup(name, to string) error {
	return d.EditGroup(name, func(g *entra.Group) { g.Name = to })
}

func (d entraDirectory) DeleteGroup(name string) error {
	if !d.Server.DeleteGroup(name) {
		return fmt.Errorf("entra: there is no group %s", name)
	}
	return nil
}

func (d entraDirectory) SetMember(group, address string, in bool) error {
	if !d.Server.SetMember(group, address, in) {
		return fmt.Errorf("entra: no group %q or person %q", group, address)
	}
	return nil
}

func (d entraDirectory) Hire(a Account) error {
	if d.AccountID(a.Address) != "" {
		return fmt.Errorf("entra: %s has an account already", a.Address)
	}
	u := entra.User{Created: a.Created}
	d.write(&u, a, d.AccountID(a.Manager))
	d.AddUser(u)
	return nil
}

func (d entraDirectory) Edit(address string, edit func(*Account)) error {
	logins := map[string]string{}
	for _, u := range d.Users() {
		logins[u.ID], logins[u.UPN] = u.UPN, u.ID
	}
	return d.EditUser(address, func(u *entra.User) {
		a := Account{
			Address: u.UPN, First: u.GivenName, Last: u.Surname, Title: u.JobTitle, Department: u.Department, Manager: logins[u.ManagerID], Type: u.EmployeeType,
			Number: u.EmployeeID, Created: u.Created, LastLogin: u.LastSignIn,
		}
		edit(&a)
		d.write(u, a, logins[a.Manager])
	})
}

func (entraDirectory) write(u *entra.User, a Account, manager string) {
	u.UPN, u.Mail, u.GivenName, u.Surname, u.JobTitle, u.Department = a.Address, a.Address, a.First, a.Last, a.Title, a.Department
	u.DisplayName, u.ManagerID, u.EmployeeType, u.EmployeeID, u.LastSignIn = a.First+" "+a.Last, manager, a.Type, a.Number, a.LastLogin
}

func (d entraDirectory) SetState(address string, state AccountState) error {
	mark, known := map[AccountState]string{Active: "", Suspended: holdValue, Left: ""}[state]
	if !known {
		return fmt.Errorf("entra: there is no state %q", state)
	}
	return d.EditUser(address, func(u *entra.User) {
		u.Disabled, u.Extension = state != Active, map[string]string{holdAttribute: mark}
	})
}

func (d entraDirectory) Fire(address string) error {
	if d.AccountID(address) == "" {
		return fmt.Errorf("entra: no account %q", address)
	}
	d.DeleteUser(address)
	return nil
}

func (d entraDirectory) AccountID(address string) string {
	for _, u := range d.Users() {
		if u.UPN == address {
			return u.ID
		}
	}
	return ""
}

func (d entraDirectory) Break(t Trouble) error {
	f := entra.Fault{Status: t.Status, Times: t.Times, Until: t.Until, Drop: t.Drop, After: t.After}
	switch t.Of {
	case Anything:
	case Adding:
		f.Method, f.Path = http.MethodPost, "/v1.0/groups/*/members/$ref"
	case Removing:
		f.Method, f.Path = http.MethodDelete, "/v1.0/groups/*/members/*/$ref"
	case Reading:
		f.Method = http.MethodGet
	default:
		return fmt.Errorf("entra: %q is no operation that can go wrong", t.Of)
	}
	d.AddFault(f)
	return nil
}

func (d entraDirectory) Mend() { d.ClearFaults() }
