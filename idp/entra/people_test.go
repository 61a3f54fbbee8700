package entra_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
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
