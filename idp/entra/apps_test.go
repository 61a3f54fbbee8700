package entra_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	sandbox "latchkey/sandbox/entra"
)

const enterprise = "WindowsAzureActiveDirectoryIntegratedApp"

func TestApplicationsAndTheirRoles(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	const editor = "1b4f3a52-0d7e-4a7c-9a55-6f7c7d9b2a10"
	figma := e.AddApp(sandbox.App{Name: "Figma", Tags: []string{enterprise}, Roles: map[string]string{editor: "Editor"}})
	e.AddApp(sandbox.App{Name: "Latchkey", AppID: sandbox.DemoClient, Tags: []string{enterprise}})
	e.AddApp(sandbox.App{Name: "Office 365 Exchange Online"}) // Microsoft's own
	g, maya := e.AddGroup(sandbox.Group{Name: "figma-editors"}), e.AddUser(sandbox.User{UPN: "maya@x.com"})
	e.AssignApp(figma.ID, g.ID, sandbox.AGroup, editor)
	e.AssignApp(figma.ID, g.ID, sandbox.AGroup, "")
	e.AssignApp(figma.ID, maya.ID, sandbox.AUser, editor)
	e.AssignApp(figma.ID, maya.ID, sandbox.AUser, "")
	lister, _ := idp.As[idp.AppLister](e.Directory)
	apps, err := lister.Apps(t.Context())
	if err != nil || len(apps) != 2 || apps[0].Name != "Figma" || apps[0].Why != "" || !strings.Contains(apps[1].Why, "signs in") {
		t.Errorf("applications %+v, %v", apps, err)
	}
	for _, id := range []string{figma.ID, figma.AppID} {
		all, err := lister.Assignments(t.Context(), id)
		want := []idp.Assignment{{GroupID: g.ID, Role: "Editor"}, {GroupID: g.ID}}
		if err != nil || fmt.Sprint(all.Groups) != fmt.Sprint(want) || all.InPerson != idp.Counted(1) {
			t.Errorf("assignments of %s: %+v, %v", id, all, err)
		}
	}
	e.SetPermissions("User.Read.All")
	e.RevokeTokens()
	if _, err := lister.Apps(t.Context()); !errors.Is(err, idp.ErrDenied) || !strings.Contains(err.Error(), "Application.Read.All") {
		t.Errorf("without the permission: %v", err)
	}
}

// TestWhoOwnsAnApplication: colleagues whose accounts are in use. Whoever has left, is from outside, was deleted or is hidden
// is nobody to ask, and takes nothing else of the application along.
func TestWhoOwnsAnApplication(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	var owners []string
	for _, u := range []sandbox.User{
		{UPN: "noor@x.com", Mail: "Noor.Haddad@x.com"}, {UPN: "Ada@x.com"}, {UPN: "gone@x.com", Disabled: true}, {UPN: "deleted@x.com"},
		{UPN: "tom_else.example#EXT#@x.com", Mail: "tom@else.example", UserType: sandbox.Guest},
	} {
		owners = append(owners, e.AddUser(u).ID)
	}
	e.DeleteUser("deleted@x.com")
	g := e.AddGroup(sandbox.Group{Name: "figma-editors"})
	figma, bare := e.AddApp(sandbox.App{Name: "Figma", Tags: []string{enterprise}, Owners: owners}), e.AddApp(sandbox.App{Name: "Canva", Tags: []string{enterprise}})
	e.AssignApp(figma.ID, g.ID, sandbox.AGroup, "")
	lister, _ := idp.As[idp.AppLister](e.Directory)
	for id, want := range map[string]string{figma.ID: "[ada@x.com noor.haddad@x.com]", bare.ID: "[]"} {
		if all, err := lister.Assignments(t.Context(), id); err != nil || fmt.Sprint(all.Owners) != want {
			t.Errorf("owned by %v, %v, want %s", all.Owners, err, want)
		}
	}
	e.SetPermissions("Application.Read.All", "GroupMember.ReadWrite.All")
	e.RevokeTokens()
	if all, err := lister.Assignments(t.Context(), figma.ID); err != nil || len(all.Owners) != 0 || len(all.Groups) != 1 {
		t.Errorf("without the right to read people: %+v, %v", all, err)
	}
	e.AddFault(sandbox.Fault{Path: "/v1.0/servicePrincipals/*/owners/microsoft.graph.user", Status: 503})
	if all, err := lister.Assignments(t.Context(), figma.ID); err == nil || len(all.Groups) > 0 {
		t.Errorf("owners that can't be read: %+v, %v", all, err)
	}
}

// TestChangesAreTracked: from a moment on, page by page; and from a mark that was lost, anew.
func TestChangesAreTracked(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	long := time.Now().AddDate(-1, 0, 0)
	old := e.AddUser(sandbox.User{UPN: "old@x.com", Created: long, Disabled: true})
	for i := range 120 {
		e.AddUser(sandbox.User{UPN: fmt.Sprintf("p%d@x.com", i), Created: long})
	}
	fresh := e.AddUser(sandbox.User{UPN: "fresh@x.com"})
	log, _ := idp.As[idp.AccountLog](e.Directory)
	at, pages := idp.LogPosition{Since: time.Now().Add(-time.Minute)}, 0
	rest := func() (said string) {
		for {
			page, err := log.ReadLog(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Changes {
				said += fmt.Sprintf("%s %s, ", c.AccountID, c.Kind)
			}
			at, pages = page.Next, pages+1
			if !page.More {
				return said
			}
		}
	}
	if got, want := rest(), fresh.ID+" opened, "; got != want || pages < 3 {
		t.Errorf("at first: %s (%d pages), want %s", got, pages, want)
	}
	if strings.Contains(at.After, "http") {
		t.Errorf("the position says where to: %s", at.After)
	}
	edit := func(f func(*sandbox.User)) {
		if err := e.EditUser(fresh.ID, f); err != nil {
			t.Fatal(err)
		}
	}
	edit(func(u *sandbox.User) { u.Department = "IT" })
	if got, want := rest(), fresh.ID+" edited, "; got != want {
		t.Errorf("then: %s, want %s", got, want)
	}
	edit(func(u *sandbox.User) { u.Disabled = true })
	if got, want := rest(), fresh.ID+" closed, "; got != want {
		t.Errorf("then: %s, want %s", got, want)
	}
	e.DeleteUser(fresh.ID)
	if got, want := rest(), fresh.ID+" deleted, "; got != want {
		t.Errorf("then: %s, want %s", got, want)
	}
	e.ForgetTracking()
	if _, err := log.ReadLog(t.Context(), at); !errors.Is(err, idp.ErrLogPosition) {
		t.Errorf("a lost mark: %v", err)
	}
	at = idp.LogPosition{Since: time.Now().Add(-time.Hour)}
	if got, want := rest(), old.ID+" closed, "; got != want {
		t.Errorf("anew, since an hour ago: %s, want %s", got, want)
	}
	if got := rest(); got != "" {
		t.Errorf("once more: %s", got)
	}
}
