package entra_test

import (
	"strings"
	"testing"

	"latchkey/sandbox/entra"
)

func TestApplicationsLetPeopleIn(t *testing.T) {
	e := newTenant(t, entra.Config{})
	const editor = "1b4f3a52-0d7e-4a7c-9a55-6f7c7d9b2a10"
	app := e.AddApp(entra.App{Name: "Figma", Roles: map[string]string{editor: "Editor"}})
	g := e.AddGroup(entra.Group{Name: "figma"})
	e.AssignApp(app.ID, g.ID, entra.AGroup, editor)
	e.AssignApp("none", g.ID, entra.AGroup, editor)
	if a := e.get("/servicePrincipals/" + app.ID); a.body["displayName"] != "Figma" || !strings.Contains(a.raw, `"Editor"`) {
		t.Errorf("an application: %s", a.raw)
	}
	if a := e.get("/servicePrincipals/" + app.ID + "/appRoleAssignedTo"); a.names("principalId") != g.ID || a.names("principalType") != "Group" || a.names("appRoleId") != editor {
		t.Errorf("whom it lets in: %s", a.raw)
	}
	e.get("/servicePrincipals/none").is(t, "no application", 404, "")
	e.get("/servicePrincipals/none/appRoleAssignedTo").is(t, "no application's", 404, "")
	e.get("/servicePrincipals/"+app.ID, "$select", "notes").is(t, "a property that isn't modelled", 501, "")
}

func TestChangesOfUsersAreTracked(t *testing.T) {
	e := newTenant(t, entra.Config{})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example"})
	e.heads = map[string]string{"Prefer": "return=minimal"}
	all := e.get("/users/delta", "$select", "id,accountEnabled,displayName")
	follow := func(a answer) answer {
		link, _ := a.body["@odata.deltaLink"].(string)
		return e.get(link)
	}
	if all.names("id") != maya.ID || all.next() != "" {
		t.Fatalf("the first round: %s", all.raw)
	}
	if a := follow(all); len(a.values()) != 0 {
		t.Errorf("nothing has changed: %s", a.raw)
	}
	if err := e.EditUser(maya.ID, func(u *entra.User) { u.DisplayName = "Maya" }); err != nil {
		t.Fatal(err)
	}
	edited := follow(all)
	if v := edited.values(); len(v) != 1 || v[0]["displayName"] != "Maya" || v[0]["accountEnabled"] != nil {
		t.Errorf("edited: %s", edited.raw)
	}
	e.DeleteUser(maya.ID)
	if v := follow(edited).values(); len(v) != 1 || v[0]["@removed"] == nil {
		t.Errorf("deleted: %v", v)
	}
	e.ForgetTracking()
	follow(edited).is(t, "a forgotten mark", 410, "syncStateNotFound")
	e.get("/users/delta", "$deltatoken", "x").is(t, "no mark", 410, "")
	e.get("/users/delta", "$select", "theme").is(t, "a property that isn't modelled", 501, "")
}
