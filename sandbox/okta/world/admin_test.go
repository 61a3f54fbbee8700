package world_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/okta/world"
)

// TestGroupsAsAdministratorsFindThem: a name is given once, a type stays one that there is, and what a rule put somewhere
// stays away once it was taken out.
func TestGroupsAsAdministratorsFindThem(t *testing.T) {
	w := newOrg()
	w.AddUser(world.User{Login: "maya@x.com", Department: "Design"})
	w.AddGroup(world.Group{Name: "other"})
	for want, edit := range map[string]func(*world.Group){
		"there is a group": func(g *world.Group) { g.Name = "other" }, "no type of a group": func(g *world.Group) { g.Type = "ODD" },
	} {
		if err := w.EditGroup("design", edit); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err := w.EditGroup("nothing", func(*world.Group) {}); err == nil {
		t.Error("a group that isn't there was edited")
	}
	if err := w.EditGroup("other", func(g *world.Group) { g.Name, g.Description = "renamed", "now so" }); err != nil || w.Groups()[2].Name != "renamed" {
		t.Errorf("renamed: %v, %v", err, w.Groups())
	}
	w.AddRule(world.Rule{Name: "designers", Attribute: "department", Value: "design", Groups: []string{"design"}})
	if !w.IsMember("design", "MAYA@x.com") || w.IsMember("nothing", "maya@x.com") || len(w.Members("design")) != 1 {
		t.Errorf("members: %v", w.Members("design"))
	}
	w.SetMember("design", "maya@x.com", false)
	if got := w.RuleExclusions("designers"); !slices.Equal(got, []string{"maya@x.com"}) || w.IsMember("design", "maya@x.com") {
		t.Errorf("excluded: %v", got)
	}
	if w.SetMember("nothing", "maya@x.com", true) || w.DeleteGroup("nothing") {
		t.Error("what isn't there was changed")
	}
	w.SetSticky("renamed", true)
	w.SetMember("renamed", "maya@x.com", true)
	w.SetMember("renamed", "maya@x.com", false)
	if !w.IsMember("renamed", "maya@x.com") {
		t.Error("a sync puts nobody back")
	}
	w.LetGo()
	if w.SetMember("renamed", "maya@x.com", false); w.IsMember("renamed", "maya@x.com") {
		t.Error("it still puts people back")
	}
}

// TestAdministratorsByAGroup: a role is one that there is, once, and taken away again.
func TestAdministratorsByAGroup(t *testing.T) {
	w := newOrg()
	if w.AssignRole("design", "NO_SUCH") == nil || w.AssignRole("nothing", "SUPER_ADMIN") == nil {
		t.Error("a role that isn't there was assigned")
	}
	for range 2 {
		if err := w.AssignRole("design", "SUPER_ADMIN"); err != nil {
			t.Fatal(err)
		}
	}
	roles := func() (out []world.AdminRole) {
		w.View(func(s *world.State) { out = s.GroupByID["00gdesign"].Roles })
		return out
	}
	if all := roles(); len(all) != 1 || all[0].Label() != "Super Administrator" {
		t.Errorf("roles: %+v", all)
	}
	if err := w.UnassignRoles("design"); err != nil || len(roles()) != 0 {
		t.Errorf("then: %v, %+v", err, roles())
	}
}

// TestSearchTrailsTheRecord: who was just made isn't found by a search, and found by the login's beginning.
func TestSearchTrailsTheRecord(t *testing.T) {
	w := newOrg()
	w.SetSearchLag(time.Minute)
	w.SetLogLag(time.Minute)
	u := w.AddUser(world.User{Login: "maya@x.com", First: "Maya"})
	w.View(func(s *world.State) {
		live := s.FindUser("maya")
		if live == nil || !live.StartsWith("may") || live.StartsWith("x") || s.FindUser("nobody") != nil || s.FindUser(u.ID) != live {
			t.Errorf("found %v", live)
		}
		if _, known := s.AsIndexed(live, s.Now()); known {
			t.Error("the search knows her at once")
		}
		if seen, known := s.AsIndexed(live, s.Now().Add(time.Minute)); !known || seen.Login != "maya@x.com" {
			t.Errorf("a minute later: %v", seen)
		}
		if e := s.Log[len(s.Log)-1]; !e.Kept.Equal(e.At.Add(time.Minute)) {
			t.Errorf("the log has it at %v, it happened at %v", e.Kept, e.At)
		}
	})
	w.AddUser(world.User{Login: "maya@y.com"})
	w.View(func(s *world.State) {
		if s.FindUser("maya") != nil {
			t.Error("one of two is guessed")
		}
	})
	if before := w.Number(); w.Number() != before+1 || world.TokenOwner().ID == "" {
		t.Error("the org's sequence stands still")
	}
}
