package entra_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/entra"
)

func ref(id string) string {
	return `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
}

func TestMembershipsAreChanged(t *testing.T) {
	e := newTenant(t, entra.Config{})
	g, maya := e.AddGroup(entra.Group{Name: "figma"}), e.AddUser(entra.User{UPN: "maya@acme.example", Mail: "maya@acme.example"})
	members := "/groups/" + g.ID + "/members"
	e.send(http.MethodPost, members+"/$ref", ref(maya.ID)).is(t, "add", 204, "")
	if a := e.send(http.MethodPost, members+"/$ref", ref(maya.ID)); a.status != 400 || !strings.Contains(a.raw, "already exist") {
		t.Errorf("add again: %d %s", a.status, a.raw)
	}
	e.send(http.MethodPost, members+"/$ref", ref("none")).is(t, "add nobody", 404, "Request_ResourceNotFound")
	e.send(http.MethodPost, members+"/$ref", `{"@odata.id":"https://else.example/x"}`).is(t, "add something else", 501, "")
	e.send(http.MethodPost, "/groups/none/members/$ref", ref(maya.ID)).is(t, "add to no group", 404, "")
	if a := e.get("/users/"+maya.ID+"/memberOf", "$select", "id"); a.names("id") != g.ID || a.names("@odata.type") != "#microsoft.graph.group" {
		t.Errorf("the groups of an account: %s", a.raw)
	}
	e.SetSticky(g.ID, true)
	e.send(http.MethodDelete, members+"/"+maya.ID+"/$ref", "").is(t, "remove from a sticky group", 204, "")
	if !e.IsMember("figma", "maya@acme.example") {
		t.Error("the group let go")
	}
	e.ClearFaults()
	e.send(http.MethodDelete, members+"/"+maya.ID+"/$ref", "").is(t, "remove", 204, "")
	e.send(http.MethodDelete, members+"/"+maya.ID+"/$ref", "").is(t, "remove again", 404, "Request_ResourceNotFound")
	if len(e.Users()) != 1 || len(e.Members("figma")) != 0 {
		t.Error("somebody is gone, or still there")
	}
	before := len(e.Violations())
	e.unchecked(func() {
		e.send(http.MethodDelete, members+"/"+maya.ID, "").is(t, "a removal that forgets $ref", 204, "")
	})
	if len(e.Users()) != 0 || len(e.Violations()) != before+1 {
		t.Errorf("it did not delete the account: %q", e.Violations())
	}
	if a := e.get("/directory/deletedItems/microsoft.graph.user"); a.names("id") != maya.ID {
		t.Errorf("deleted are %s", a.raw)
	}
}

func TestGroupsThatAreNotToBeChanged(t *testing.T) {
	e := newTenant(t, entra.Config{})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example"})
	for name, c := range map[string]struct {
		group  entra.Group
		status int
		say    string
	}{
		"a rule's":     {entra.Group{Rule: `user.department -eq "Design"`}, 403, "Insufficient privileges"},
		"for roles":    {entra.Group{RoleAssignable: true}, 403, "Insufficient privileges"},
		"restricted":   {entra.Group{Restricted: true}, 403, "Insufficient privileges"},
		"synced":       {entra.Group{Synced: true}, 400, "on-premises mastered"},
		"mail-enabled": {entra.Group{MailEnabled: true}, 400, "mail-enabled security groups"},
		"unified":      {entra.Group{MailEnabled: true, Unified: true}, 204, ""},
	} {
		c.group.Name = name
		g := e.AddGroup(c.group)
		if a := e.send(http.MethodPost, "/groups/"+g.ID+"/members/$ref", ref(maya.ID)); a.status != c.status || !strings.Contains(a.raw, c.say) {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	if a := e.get("/groups", "$filter", "groupTypes/any(g:g eq 'DynamicMembership')"); len(a.values()) != 1 || a.values()[0]["isAssignableToRole"] != nil || a.values()[0]["membershipRule"] == nil {
		t.Errorf("the groups with a rule: %s", a.raw)
	}
	if a := e.get("/groups", "$filter", "startsWith(displayName,'s')", "$select", "id,displayName,isManagementRestricted"); a.names("displayName") != "synced" {
		t.Errorf("by the beginning of the name: %s", a.raw)
	}
	e.get("/groups", "$filter", "isAssignableToRole eq true and mailEnabled eq false and securityEnabled eq true").is(t, "by flags", 200, "")
	e.get("/groups", "$select", "theme").is(t, "a property that isn't modelled", 501, "")
	e.get("/groups/none").is(t, "no group", 404, "")
	for _, list := range []string{"/users", "/groups", "/servicePrincipals"} {
		e.get(list, "$orderby", "displayName").is(t, "an order of "+list, 501, "")
	}
	e.get("/users", "$expand", "manager").is(t, "an expansion", 501, "")
}

func TestMembersOfAllSorts(t *testing.T) {
	e := newTenant(t, entra.Config{})
	maya, tom := e.AddUser(entra.User{UPN: "maya@acme.example"}), e.AddUser(entra.User{UPN: "tom@acme.example", Disabled: true})
	outer, inner, hidden := e.AddGroup(entra.Group{Name: "outer"}), e.AddGroup(entra.Group{Name: "inner"}), e.AddGroup(entra.Group{Name: "hidden", Hidden: true})
	e.SetMember("outer", maya.ID, true)
	e.SetMember("inner", tom.ID, true)
	e.Put("outer", inner.ID, entra.AGroup)
	e.Put("inner", outer.ID, entra.AGroup) // in a circle
	e.Put("outer", "an-app", entra.AnApp)
	if a := e.get("/groups/" + outer.ID + "/members"); a.names("@odata.type") != "#microsoft.graph.user #microsoft.graph.group" || a.values()[0]["accountEnabled"] != nil {
		t.Errorf("members: %s", a.raw)
	}
	e.get("/groups/"+outer.ID+"/members/microsoft.graph.user").is(t, "a cast that is no advanced query", 400, "Request_UnsupportedQuery")
	off := e.eventual()
	defer off()
	for path, want := range map[string]string{"/members/microsoft.graph.user": maya.ID, "/members/microsoft.graph.group": inner.ID, "/transitiveMembers/microsoft.graph.user": maya.ID + " " + tom.ID} {
		if a := e.get("/groups/"+outer.ID+path, "$count", "true", "$select", "id"); a.names("id") != want || a.body["@odata.count"] == nil {
			t.Errorf("%s: %d %s", path, a.status, a.raw)
		}
	}
	if a := e.get("/groups/"+outer.ID+"/members", "$count", "true"); len(a.values()) != 3 {
		t.Errorf("applications are shown in an advanced query: %s", a.raw)
	}
	off()
	a := e.send(http.MethodPost, "/users/"+tom.ID+"/checkMemberGroups", `{"groupIds":["`+outer.ID+`","`+hidden.ID+`"]}`)
	if all, _ := a.body["value"].([]any); a.status != 200 || len(all) != 1 || all[0] != outer.ID {
		t.Errorf("by way of the inner one: %s", a.raw)
	}
	e.send(http.MethodPost, "/users/"+tom.ID+"/checkMemberGroups", `{}`).is(t, "no groups", 400, "")
	e.get("/groups/"+hidden.ID+"/members").is(t, "hidden members", 403, "Authorization_RequestDenied")
	e.SetPermissions(append(entra.StandardPermissions(), "Member.Read.Hidden")...)
	e.signIn()
	e.get("/groups/"+hidden.ID+"/members").is(t, "with the permission for them", 200, "")
	e.get("/groups/none/members").is(t, "no group's", 404, "")
}

func TestRolesOfAGroup(t *testing.T) {
	e := newTenant(t, entra.Config{})
	g := e.AddGroup(entra.Group{Name: "admins"})
	if err := e.AssignRole("admins", "Global Administrator"); err != nil {
		t.Fatal(err)
	}
	if a := e.get("/groups/" + g.ID + "/memberOf"); a.names("displayName") != "Global Administrator" || a.names("@odata.type") != "#microsoft.graph.directoryRole" {
		t.Errorf("roles: %s", a.raw)
	}
	e.SetPermissions("GroupMember.Read.All")
	e.signIn()
	if a := e.get("/groups/" + g.ID + "/memberOf"); len(a.values()) != 1 || a.names("displayName") != "" {
		t.Errorf("roles as stubs: %s", a.raw)
	}
	if err := e.UnassignRoles("admins"); err != nil || len(e.get("/groups/"+g.ID+"/memberOf").values()) != 0 {
		t.Errorf("it goes on: %v", err)
	}
	if e.AssignRole("none", "x") == nil || e.UnassignRoles("none") == nil || e.EditGroup("none", nil) == nil || e.DeleteGroup("none") || e.SetMember("none", "x", true) {
		t.Error("there is no such group")
	}
}

// TestReplicasTrail: every second read is answered by one that does, and an index does always.
func TestReplicasTrail(t *testing.T) {
	e := newTenant(t, entra.Config{})
	g := e.AddGroup(entra.Group{Name: "figma"})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example"})
	e.SetMember("figma", maya.ID, true)
	e.clock.Advance(time.Hour)
	e.SetLag(time.Minute, 2*time.Minute)
	e.SetMember("figma", maya.ID, false)
	noor := e.AddUser(entra.User{UPN: "noor@acme.example"})
	e.SetMember("figma", noor.ID, true)
	seen := map[string]int{}
	for range 4 {
		seen[e.get("/groups/"+g.ID+"/members").names("id")]++
	}
	if seen[maya.ID] != 2 || seen[noor.ID] != 2 {
		t.Errorf("seen %v", seen)
	}
	if a, b := e.get("/users/"+noor.ID), e.get("/users/"+noor.ID); a.status+b.status != 604 {
		t.Errorf("a new account: %d, %d", a.status, b.status)
	}
	off := e.eventual()
	defer off()
	indexed := func() string {
		return e.get("/groups/"+g.ID+"/members/microsoft.graph.user", "$count", "true", "$select", "id").names("id")
	}
	if got := indexed(); got != maya.ID {
		t.Errorf("the index has %q", got)
	}
	if e.clock.Advance(2 * time.Minute); indexed() != noor.ID {
		t.Errorf("later it has %q", indexed())
	}
}
