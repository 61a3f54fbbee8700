package entra_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/entra"
	sandbox "latchkey/sandbox/entra"
)

func TestWhoIsFromOutsideSaysSo(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	for want, u := range map[string]sandbox.User{
		"Guest":      {UPN: "tom_else.example#EXT#@acme.example", Mail: "tom@else.example", UserType: sandbox.Guest},
		"Contractor": {UPN: "cy@acme.example", Mail: "cy@acme.example", EmployeeType: "Contractor"},
		"":           {UPN: "o'hara@acme.example", Mail: "o'hara@acme.example"},
	} {
		made := e.AddUser(u)
		for _, address := range []string{u.UPN, u.Mail} {
			if p, err := e.FindPerson(t.Context(), address); err != nil || p.ID != made.ID || p.Type != want || p.Login != u.UPN {
				t.Errorf("FindPerson(%s) = %+v, %v", address, p, err)
			}
		}
	}
	member := e.AddUser(sandbox.User{UPN: "eve_else.example#EXT#@acme.example", UserType: sandbox.Member})
	if p, err := e.Person(t.Context(), member.ID); err != nil || p.Type != "Guest" || p.Email != "" {
		t.Errorf("an external account that was made a member: %+v, %v", p, err)
	}
}

// TestAMailThatSomebodyElseHas: who has themselves given the address of somebody else is not that person.
func TestAMailThatSomebodyElseHas(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	e.AddUser(sandbox.User{UPN: "ceo@acme.example", Mail: "ceo@acme.example"})
	e.AddUser(sandbox.User{UPN: "mallory@acme.example", Mail: "CEO@acme.example"})
	if _, err := e.FindPerson(t.Context(), "ceo@acme.example"); !errors.Is(err, idp.ErrAmbiguous) {
		t.Errorf("two accounts have the address: %v", err)
	}
}

func TestADeletedAccountComesBackAsItself(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	g, u := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "maya@acme.example", Mail: "maya@acme.example"})
	e.SetMember(g.ID, u.ID, true)
	e.DeleteUser(u.ID)
	if _, err := e.Person(t.Context(), u.ID); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("a deleted account: %v", err)
	}
	if err := e.RestoreUser(u.ID, "maya.berg@acme.example"); err != nil {
		t.Fatal(err)
	}
	if p, err := e.Person(t.Context(), u.ID); err != nil || p.Login != "maya.berg@acme.example" || p.Status != idp.Active {
		t.Errorf("restored under another name: %+v, %v", p, err)
	}
	if is, err := e.Directory.IsMember(t.Context(), g.ID, u.ID); err != nil || !is {
		t.Errorf("its memberships come back with it: %v, %v", is, err)
	}
}

func TestManagersThatAreNoAccounts(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	u := e.AddUser(sandbox.User{UPN: "maya@acme.example", ManagerID: "Somebody Elsewhere"})
	if p, err := e.Person(t.Context(), u.ID); err != nil || p.ManagerID != "" || p.ManagerText != "Somebody Elsewhere" {
		t.Errorf("a contact: %+v, %v", p, err)
	}
	e.AddFault(sandbox.Fault{Path: "/v1.0/users/*/manager", Status: 500})
	if _, err := e.Person(t.Context(), u.ID); err == nil || errors.Is(err, idp.ErrNotFound) {
		t.Errorf("a manager who can't be read is not nobody: %v", err)
	}
	if _, err := e.Person(idp.WithoutManagers(t.Context()), u.ID); err != nil {
		t.Errorf("nobody asked for the manager: %v", err)
	}
}

func TestWhoIsOnHold(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	for want, u := range map[idp.Status]sandbox.User{
		idp.Active:    {UPN: "a@x.com", Extension: map[string]string{"extensionAttribute1": "hold"}}, // it can be used all the same
		idp.Suspended: {UPN: "s@x.com", Disabled: true, Extension: map[string]string{"extensionAttribute1": "HOLD"}},
		idp.Left:      {UPN: "l@x.com", Disabled: true, Extension: map[string]string{"extensionAttribute1": "other"}},
	} {
		if p, err := e.Person(t.Context(), e.AddUser(u).ID); err != nil || p.Status != want {
			t.Errorf("%s is %s, %v", u.UPN, p.Status, err)
		}
	}
}

// TestWhoMayNotReadAccountsIsTold: Graph shows such an application the ids of members and nothing else.
func TestWhoMayNotReadAccountsIsTold(t *testing.T) {
	e := newTenant(t, sandbox.Config{Permissions: []string{"GroupMember.ReadWrite.All"}}, nil)
	g, u := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "maya@acme.example"})
	e.SetMember(g.ID, u.ID, true)
	if all, err := idp.Everybody(e.Directory.Members(t.Context(), g.ID)); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("members %v, %v", all, err)
	}
}

func TestUsageWithoutALicenceIsUnknown(t *testing.T) {
	e := newTenant(t, sandbox.Config{Free: true}, nil)
	app := e.AddApp(sandbox.App{Name: "Figma"})
	for _, id := range []string{app.ID, app.AppID} {
		if u, err := e.Usage(t.Context(), id); err == nil || !strings.Contains(err.Error(), "licence") || errors.Is(err, idp.ErrNotFound) {
			t.Errorf("usage %+v, %v", u, err)
		}
	}
	e.SetFree(false)
	maya := e.AddUser(sandbox.User{UPN: "maya@acme.example"})
	last := time.Now().Add(-time.Hour).Truncate(time.Second)
	e.RecordSignIn(maya.ID, app.AppID, last, 0)
	u, err := e.Usage(t.Context(), app.ID) // by the id of the service principal
	if err != nil {
		t.Fatal(err)
	}
	for use, err := range u.All {
		if err != nil || use.PersonID != maya.ID || !use.Last.Equal(last) {
			t.Errorf("used %+v, %v", use, err)
		}
	}
}

// forgetful is a service that leaves out what it was asked to add to a list.
type forgetful struct{ http.RoundTripper }

func (f forgetful) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	q.Del("$expand")
	r = r.Clone(r.Context())
	r.URL.RawQuery = q.Encode()
	return f.RoundTripper.RoundTrip(r)
}

// TestAListThatLeavesManagersOut isn't taken for people without managers, wherever those stand who have one; a list of people who
// have none is.
func TestAListThatLeavesManagersOut(t *testing.T) {
	const many = 40
	listed := func(e tenant) (all []string, err error) {
		lister, _ := idp.As[idp.ManagerLister](e.Directory)
		for p, err := range lister.PeopleAndManagers(t.Context()) {
			if err != nil {
				return all, err
			}
			all = append(all, p.Login+" under "+p.ManagerEmail)
		}
		return all, nil
	}
	for _, c := range []struct {
		name          string
		forgets       bool
		managed, want int // who has a manager, from this one on; who is listed, -1: it is refused
	}{
		{"whole", false, 0, many}, {"nobody is managed", false, many, many}, {"nobody is managed, and it would be left out", true, many, many},
		{"left out", true, 1, -1}, {"left out of the later half", true, many / 2, -1},
	} {
		e := newTenant(t, sandbox.Config{}, func(conf *entra.Config) {
			if c.forgets {
				conf.Transport = forgetful{conf.Transport}
			}
		})
		boss := ""
		for n := range many {
			u := sandbox.User{UPN: fmt.Sprintf("p%02d@acme.example", n), Mail: fmt.Sprintf("p%02d@acme.example", n)}
			if n >= c.managed {
				u.ManagerID = boss
			}
			if u = e.AddUser(u); n == 0 {
				boss = u.ID
			}
		}
		switch all, err := listed(e); {
		case c.want >= 0 && (err != nil || len(all) != c.want):
			t.Errorf("%s: %d, %v", c.name, len(all), err)
		case c.want < 0 && (err == nil || !strings.Contains(err.Error(), "doesn't say who their managers are")):
			t.Errorf("%s: %d, %v", c.name, len(all), err)
		case !c.forgets && c.managed < many && !slices.Contains(all, "p03@acme.example under p00@acme.example"):
			t.Errorf("%s: %q", c.name, all)
		}
	}
}
