package entra_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/entra"
)

const figma = "7f1c3a52-0d7e-4a7c-9a55-6f7c7d9b2a10"

func TestSignInsAreLogged(t *testing.T) {
	e := newTenant(t, entra.Config{Unlimited: true})
	app := e.AddApp(entra.App{AppID: figma, Name: "Figma", Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"}})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example"})
	now := e.clock.Now()
	for i, code := range []int{0, 50126, 0} {
		e.RecordSignIn(maya.ID, figma, now.Add(-time.Duration(i+1)*time.Hour), code)
	}
	e.RecordSignIn(maya.ID, figma, now.AddDate(0, 0, -40), 0) // the log has forgotten
	e.RecordSignIn("nobody", figma, now, 0)
	a := e.get("/auditLogs/signIns", "$filter", "appId eq '"+figma+"' and userId eq '"+maya.ID+"' and createdDateTime ge 2026-10-25T00:00:00Z")
	if got := a.names("createdDateTime"); got != "2026-11-23T08:00:00Z 2026-11-23T07:00:00Z 2026-11-23T06:00:00Z" {
		t.Errorf("newest first: %s", a.raw)
	}
	if a := e.get("/servicePrincipals", "$filter", "tags/any(t:t eq 'WindowsAzureActiveDirectoryIntegratedApp')", "$select", "id,appId"); a.names("id") != app.ID {
		t.Errorf("applications: %s", a.raw)
	}
	one := e.get("/users/"+maya.ID, "$select", "id,signInActivity")
	if activity, _ := one.body["signInActivity"].(map[string]any); activity["lastSuccessfulSignInDateTime"] != "2026-11-23T08:00:00Z" {
		t.Errorf("the last sign-in: %s", one.raw)
	}
	e.get("/users/"+maya.UPN, "$select", "id,signInActivity").is(t, "by UPN", 400, "Request_BadRequest")
	if a := e.get("/users", "$select", "id,signInActivity", "$top", "999"); a.status != 200 {
		t.Errorf("of everybody: %s", a.raw)
	}
	e.SetFree(true)
	for _, a := range []answer{e.get("/auditLogs/signIns"), e.get("/users/"+maya.ID, "$select", "id,signInActivity")} {
		a.is(t, "without a licence", 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
	}
	e.SetPermissions("User.Read.All")
	e.signIn()
	e.get("/users/"+maya.ID, "$select", "id,signInActivity").is(t, "without the permission", 403, "Authentication_MSGraphPermissionMissing")
	e.get("/auditLogs/signIns").is(t, "without the permission", 403, "Authorization_RequestDenied")
}

func TestTheAuditLogTellsOfAccounts(t *testing.T) {
	e := newTenant(t, entra.Config{Unlimited: true})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example"})
	for _, disabled := range []bool{true, false, false} {
		if err := e.EditUser("maya@acme.example", func(u *entra.User) { u.Disabled = disabled }); err != nil {
			t.Fatal(err)
		}
	}
	e.DeleteUser(maya.ID)
	if err := e.RestoreUser(maya.ID, "maya.b@acme.example"); err != nil || e.Users()[0].UPN != "maya.b@acme.example" {
		t.Error(err)
	}
	a := e.get("/auditLogs/directoryAudits", "$filter", "category eq 'UserManagement' and activityDateTime ge 2026-11-23T00:00:00Z", "$orderby", "activityDateTime", "$top", "3")
	got := a.names("activityDisplayName") + " " + e.get(a.next()).names("activityDisplayName")
	if got != "Add user Disable account Enable account Update user Delete user Restore user" {
		t.Errorf("oldest first: %s", got)
	}
	if a := e.get("/auditLogs/directoryAudits", "$top", "1"); a.names("activityDisplayName") != "Restore user" {
		t.Errorf("newest first: %s", a.raw)
	}
	e.get("/auditLogs/directoryAudits", "$orderby", "category").is(t, "another order", 501, "")
	e.get("/auditLogs/directoryAudits", "$filter", "correlationId eq 'x'").is(t, "another filter", 400, "")
	if e.EditUser("none", nil) == nil || e.RestoreUser("none", "") == nil || e.OpenSession("none") == nil || e.Sessions("none") != 0 {
		t.Error("there is nobody of that name")
	}
}

func TestSessionsEnd(t *testing.T) {
	e := newTenant(t, entra.Config{})
	maya, guest := e.AddUser(entra.User{UPN: "maya@acme.example"}), e.AddUser(entra.User{UPN: "tom_else.example#EXT#@acme.example", UserType: entra.Guest})
	for _, id := range []string{maya.ID, guest.ID} {
		if err := e.OpenSession(id); err != nil {
			t.Fatal(err)
		}
		e.send(http.MethodPost, "/users/"+id+"/revokeSignInSessions", "").is(t, "end", 200, "")
	}
	if e.Sessions(maya.ID) != 0 || e.Sessions(guest.ID) != 1 {
		t.Errorf("maya has %d, a guest, whose sessions are another tenant's, %d", e.Sessions(maya.ID), e.Sessions(guest.ID))
	}
	e.send(http.MethodPost, "/users/none/revokeSignInSessions", "").is(t, "nobody's", 404, "")
}

// TestTheGateThrottles: the logs after five calls in ten seconds, the directory by what calls cost.
func TestTheGateThrottles(t *testing.T) {
	e := newTenant(t, entra.Config{})
	for range 5 {
		e.get("/auditLogs/signIns", "$top", "1").is(t, "one of five", 200, "")
	}
	if a := e.get("/auditLogs/signIns"); a.status != 429 || a.code != "UnknownError" || a.header.Get("Retry-After") == "" {
		t.Errorf("the sixth: %d %s", a.status, a.raw)
	}
	if a := e.get("/groups"); a.status != 200 || a.header.Get("x-ms-resource-unit") != "1" {
		t.Errorf("the directory meanwhile: %d %v", a.status, a.header)
	}
	if a, b := e.get("/users"), e.get("/users", "$expand", "manager($levels=1;$select=id)"); a.header.Get("x-ms-resource-unit") != "2" || b.header.Get("x-ms-resource-unit") != "3" {
		t.Errorf("the accounts cost %v, and with their managers %v", a.header, b.header)
	}
	e.clock.Advance(10 * time.Second)
	e.get("/auditLogs/signIns").is(t, "ten seconds later", 200, "")
	e.AddFault(entra.Fault{Status: 429, Times: 1})
	if a := e.get("/groups"); a.status != 429 || a.code != "TooManyRequests" || a.header.Get("Retry-After") != "" {
		t.Errorf("a refusal that doesn't say how long: %d %s %v", a.status, a.raw, a.header)
	}
	if v := e.Violations(); len(v) != 1 || !strings.Contains(v[0], "429") {
		t.Errorf("violations: %q", v)
	}
	if s := e.Stats(); s["calls"] < 9 || s["429"] != 2 || len(e.Calls()) != s["calls"] {
		t.Errorf("counted: %v", s)
	}
}

func TestTroubles(t *testing.T) {
	e := newTenant(t, entra.Config{})
	g := e.AddGroup(entra.Group{Name: "figma"})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example"})
	for status, code := range map[int]string{423: "Directory_ObjectLocked", 500: "Service_InternalServerError", 503: "serviceNotAvailable", 404: "Request_ResourceNotFound", 401: "InvalidAuthenticationToken"} {
		e.AddFault(entra.Fault{Status: status, Path: "/v1.0/groups/", Times: 2, Until: e.clock.Now().Add(time.Minute)})
		for range 2 {
			e.get("/groups/"+g.ID).is(t, fmt.Sprint(status), status, code)
		}
		e.get("/groups/"+g.ID).is(t, "after that", 200, "")
	}
	e.AddFault(entra.Fault{Status: 503, Until: e.clock.Now().Add(time.Minute)})
	e.clock.Advance(time.Minute)
	e.get("/groups").is(t, "once it is over", 200, "")
	e.AddFault(entra.Fault{Path: "/v1.0/groups/*/members/$ref", Drop: true, After: true, Times: 1})
	if a := e.send(http.MethodPost, "/groups/"+g.ID+"/members/$ref", ref(maya.ID)); a.status != 0 || !e.IsMember(g.ID, maya.ID) {
		t.Errorf("an answer that is lost: %d %s", a.status, a.raw)
	}
	e.AddFault(entra.Fault{Page: "Sign in", Writes: true, Times: 1})
	e.get("/groups").is(t, "a read", 200, "")
	if a := e.send(http.MethodDelete, "/groups/"+g.ID+"/members/"+maya.ID+"/$ref", ""); !strings.Contains(a.raw, "<title>Sign in</title>") {
		t.Errorf("a page: %s", a.raw)
	}
	e.AddFault(entra.Fault{Delay: time.Second, Times: 1})
	done := make(chan answer)
	go func() { done <- e.get("/groups") }()
	<-e.clock.Asked
	e.clock.Advance(time.Second)
	(<-done).is(t, "late", 200, "")
	e.AddFault(entra.Fault{Path: "/*/oauth2/v2.0/token", Status: 503, Times: 1})
	if a := e.ask(entra.DemoTenant, grant()); a.status != 503 {
		t.Errorf("the token endpoint: %d", a.status)
	}
	e.Close()
	e.get("/groups").is(t, "closed", 503, "")
}

func TestWhoAsksIsMisled(t *testing.T) {
	e := newTenant(t, entra.Config{})
	maya, noor := e.AddUser(entra.User{UPN: "maya@acme.example"}), e.AddUser(entra.User{UPN: "noor@acme.example"})
	e.Mislead(maya.ID, noor.ID)
	e.Mislead(maya.UPN, noor.UPN)
	if a := e.get("/users/" + maya.ID); a.body["id"] != noor.ID {
		t.Errorf("a read: %s", a.raw)
	}
	search := func() string {
		return e.get("/users", "$filter", "userPrincipalName eq 'maya@acme.example'").names("id")
	}
	if search() != noor.ID {
		t.Error("a search isn't misled")
	}
	e.Mislead(maya.ID, maya.ID)
	e.Mislead(maya.UPN, maya.UPN)
	if a := e.get("/users/" + maya.ID); a.body["id"] != maya.ID || search() != maya.ID {
		t.Errorf("it goes on: %s", a.raw)
	}
	e.Blank(1)
	e.Stray(1)
	if a, b, c := search(), search(), search(); a != "" || b != maya.ID+" "+noor.ID || c != maya.ID {
		t.Errorf("blank, stray, right: %q %q %q", a, b, c)
	}
}

func TestATenantIsFollowed(t *testing.T) {
	e := newTenant(t, entra.Config{})
	g, maya := e.AddGroup(entra.Group{Name: "figma"}), e.AddUser(entra.User{UPN: "maya@acme.example"})
	before := e.Snapshot()
	e.SetMember("figma", maya.ID, true)
	for c, err := range e.Follow(t.Context(), before.Seq) {
		if err != nil || c.Kind != "member.added" || c.Subject != g.ID+"/"+maya.ID {
			t.Errorf("followed %+v, %v", c, err)
		}
		break
	}
	if now := e.Snapshot(); len(now.Users) != 1 || len(now.Groups) != 1 || len(now.Members[g.ID]) != 1 || !now.At.Equal(e.clock.Now()) {
		t.Errorf("the snapshot: %+v", now)
	}
	if err := e.EditGroup("figma", func(g *entra.Group) { g.Name = "figma-2" }); err != nil || e.Groups()[0].Name != "figma-2" || !e.DeleteGroup("figma-2") || len(e.Groups()) != 0 {
		t.Error("it can't be changed", err)
	}
}
