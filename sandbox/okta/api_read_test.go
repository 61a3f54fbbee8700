package okta_test

import (
	"net/http"
	"strings"
	"testing"

	"latchkey/sandbox/okta"
)

// TestWhatIsReadByItsIDIsTheThingItself: groups, their rules, roles and applications, somebody's groups, the org.
func TestWhatIsReadByItsIDIsTheThingItself(t *testing.T) {
	o := newOrg(t, okta.Config{FullShare: true})
	g := o.AddGroup(okta.Group{Name: "editors"})
	u := o.AddUser(okta.User{Login: "maya@x.com", Department: "Design"})
	o.AddApp(okta.App{Label: "Figma", Groups: []string{"editors"}})
	o.AddApp(okta.App{Label: "Miro"})
	o.AddRule(okta.Rule{Name: "designers", Attribute: "department", Value: "Design", Groups: []string{"editors"}})
	if err := o.AssignRole("editors", "APP_ADMIN"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/api/v1/groups/" + g.ID: `"name":"editors"`, "/api/v1/groups/" + g.ID + "/apps": `"label":"Figma"`, "/api/v1/groups/" + g.ID + "/roles": "Application Administrator",
		"/api/v1/groups/rules": `"name":"designers"`, "/api/v1/users/" + u.ID + "/groups": `"name":"editors"`, "/api/v1/org": `"subdomain":"acme"`, "/.well-known/openid-configuration": "device_authorization_endpoint",
	} {
		if a := o.call("GET", path); a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	if a := o.call("GET", "/api/v1/groups/"+g.ID+"/apps"); strings.Contains(string(a.body), "Miro") {
		t.Errorf("an application that the group isn't assigned to: %s", a.body)
	}
	for _, path := range []string{"/api/v1/groups/none", "/api/v1/groups/none/apps", "/api/v1/groups/none/roles", "/api/v1/users/none/groups", "/api/v1/apps/none", "/api/v1/apps/none/users"} {
		if a := o.call("GET", path); a.StatusCode != http.StatusNotFound || a.code(t) != "E0000007" {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	o.Become("00oother")
	if a := o.call("GET", "/api/v1/org"); !strings.Contains(string(a.body), "00oother") {
		t.Errorf("another org: %s", a.body)
	}
}

// TestSessionsEndForWhoCanHaveSome: of an account that was deactivated nothing is to be ended.
func TestSessionsEndForWhoCanHaveSome(t *testing.T) {
	o := newOrg(t, okta.Config{FullShare: true})
	u := o.AddUser(okta.User{Login: "maya@x.com"})
	if err := o.OpenSession("maya@x.com"); err != nil || o.Sessions(u.ID) != 1 || o.OpenSession("nobody") == nil {
		t.Errorf("opened: %v, %d", err, o.Sessions(u.ID))
	}
	if a := o.call("DELETE", "/api/v1/users/"+u.ID+"/sessions?oauthTokens=true"); a.StatusCode != http.StatusNoContent || o.Sessions(u.ID) != 0 {
		t.Errorf("ended: %d, %d are open", a.StatusCode, o.Sessions(u.ID))
	}
	o.SetStatus("maya@x.com", okta.Deprovisioned)
	if a := o.call("DELETE", "/api/v1/users/"+u.ID+"/sessions"); a.StatusCode != http.StatusForbidden {
		t.Errorf("of somebody who left: %d", a.StatusCode)
	}
	if a := o.call("DELETE", "/api/v1/users/none/sessions"); a.StatusCode != http.StatusNotFound {
		t.Errorf("of nobody: %d", a.StatusCode)
	}
}
