package okta_test

import (
	"net/http"
	"testing"

	"latchkey/sandbox/okta"
)

func TestAnAccountKeepsItsMembershipsWhenItIsRenamed(t *testing.T) {
	o := newOrg(t, okta.Config{})
	o.AddGroup(okta.Group{Name: "figma"})
	before := o.AddUser(okta.User{Login: "maya@x.com", Department: "Design"})
	o.AddUser(okta.User{Login: "noor@x.com"})
	o.SetMember("figma", "maya@x.com", true)
	err := o.EditUser("Maya@x.com", func(u *okta.User) { u.ID, u.Login, u.Email = "another", "maya.berg@x.com", "maya.berg@x.com" })
	if err != nil {
		t.Fatal(err)
	}
	if a := o.call("GET", "/api/v1/users/maya@x.com"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the old login: %d", a.StatusCode)
	}
	if a := o.call("GET", "/api/v1/users/"+before.ID); a.StatusCode != http.StatusOK || !o.IsMember("figma", "maya.berg@x.com") {
		t.Errorf("by its id: %d, in the group: %v", a.StatusCode, o.Members("figma"))
	}
	for _, login := range []string{"noor@x.com", ""} {
		if o.EditUser("maya.berg@x.com", func(u *okta.User) { u.Login = login }) == nil {
			t.Errorf("the login %q was given twice or is none", login)
		}
	}
	if o.EditUser("nobody@x.com", func(*okta.User) {}) == nil {
		t.Error("somebody who isn't there was changed")
	}
}

func TestARuleFollowsAChangedProfile(t *testing.T) {
	o := newOrg(t, okta.Config{})
	o.AddGroup(okta.Group{Name: "design"})
	o.AddUser(okta.User{Login: "maya@x.com", Department: "Design"})
	o.AddRule(okta.Rule{Name: "r", Attribute: "department", Value: "Design", Groups: []string{"design"}})
	if err := o.EditUser("maya@x.com", func(u *okta.User) { u.Department = "Sales" }); err != nil || o.IsMember("design", "maya@x.com") {
		t.Errorf("%v, still in %v", err, o.Members("design"))
	}
}

func TestAttributesOfTheOrgAreShownAndSearched(t *testing.T) {
	o := newOrg(t, okta.Config{})
	o.AddUser(okta.User{Login: "maya@x.com", Custom: map[string]any{"managers": []string{"noor@x.com", "lena@x.com"}}})
	o.AddUser(okta.User{Login: "tom@x.com", Custom: map[string]any{"managerNumber": 40017.0}})
	for expression, want := range map[string]string{
		`profile.managers eq "lena@x.com"`: "maya", `profile.managerNumber eq "40017"`: "tom", `profile.managers eq "tom@x.com"`: "",
	} {
		if got := logins(t, o.search("search", expression)); got != want {
			t.Errorf("%s finds %q, want %q", expression, got, want)
		}
	}
}

func TestAGroupKeepsItsMembersWhenItIsRenamed(t *testing.T) {
	o := newOrg(t, okta.Config{})
	g := o.AddGroup(okta.Group{Name: "figma"})
	o.AddGroup(okta.Group{Name: "miro"})
	u := o.AddUser(okta.User{Login: "maya@x.com"})
	o.SetMember("figma", "maya@x.com", true)
	if err := o.EditGroup("figma", func(g *okta.Group) { g.ID, g.Name = "another", "app-figma" }); err != nil {
		t.Fatal(err)
	}
	if !o.IsMember("app-figma", "maya@x.com") || !o.IsMember(g.ID, "maya@x.com") {
		t.Errorf("the members are %v", o.Members(g.ID))
	}
	for _, edit := range []func(*okta.Group){func(g *okta.Group) { g.Name = "miro" }, func(g *okta.Group) { g.Type = "CLUB" }} {
		if o.EditGroup("app-figma", edit) == nil {
			t.Error("a taken name or an unknown type was accepted")
		}
	}
	if o.EditGroup("nothing", func(*okta.Group) {}) == nil {
		t.Error("a group that isn't there was changed")
	}
	if err := o.EditGroup("app-figma", func(g *okta.Group) { g.Type = okta.AppGroup }); err != nil {
		t.Fatal(err)
	}
	if a := o.call("DELETE", "/api/v1/groups/"+g.ID+"/users/"+u.ID); a.StatusCode != http.StatusNotImplemented {
		t.Errorf("the group of an application let a member go: %d", a.StatusCode)
	}
}
