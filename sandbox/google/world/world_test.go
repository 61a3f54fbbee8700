package world_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/sandbox/google/world"
	"latchkey/sandbox/handclock"
)

func newWorld(s world.Settings) (*world.World, *handclock.Clock, *int) {
	c, changes := handclock.New(), 0
	s.Clock, s.Domains, s.OnChange = c, []string{"x.com"}, func() { changes++ }
	return world.New(s), c, &changes
}

func TestAnIdStaysAndAnOldAddressBecomesAnAlias(t *testing.T) {
	w, _, changes := newWorld(world.Settings{First: 500})
	maya := w.AddUser(world.User{Email: "Maya@x.com", Contacts: []world.Address{{Type: "home", Address: "maya@home.com"}}})
	if maya.ID <= "100000000000000000500" || len(maya.ID) != 21 || *changes != 1 {
		t.Errorf("id %s, %d changes", maya.ID, *changes)
	}
	if err := w.EditUser("maya@X.com", func(u *world.User) { u.Email, u.ID = "maya.lind@x.com", "9" }); err != nil {
		t.Fatal(err)
	}
	u := w.Users()[0]
	if u.ID != maya.ID || !u.Called("MAYA@x.com") || !u.Called("maya.lind@x.com") || u.Called("maya@home.com") || !u.Has("maya@home.com") || u.Called("") {
		t.Errorf("after her address changed: %+v", u)
	}
	if err := w.EditUser(maya.ID, func(u *world.User) { u.Email = "maya@x.com" }); err != nil {
		t.Fatal(err)
	}
	if u := w.Users()[0]; !slices.Equal(u.Aliases, []string{"maya.lind@x.com"}) {
		t.Errorf("back again she has the aliases %q", u.Aliases)
	}
	w.AddUser(world.User{Email: "tom@x.com"})
	for _, taken := range []string{"maya.lind@x.com", ""} {
		if w.EditUser("tom@x.com", func(u *world.User) { u.Email = taken }) == nil {
			t.Errorf("he may be called %q", taken)
		}
	}
	if w.EditUser("nobody@x.com", func(*world.User) {}) == nil {
		t.Error("nobody can be edited")
	}
}

func TestWhoIsDeletedIsNowhere(t *testing.T) {
	w, _, _ := newWorld(world.Settings{})
	maya, g := w.AddUser(world.User{Email: "maya@x.com"}), w.AddGroup(world.Group{Name: "figma"})
	w.SetMember("figma", "maya@x.com", true)
	if err := w.OpenSession(maya.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Consent(maya.ID, world.Token{ClientID: "a"}); err != nil || w.Sessions(maya.ID) != 2 {
		t.Errorf("%d sessions, %v", w.Sessions(maya.ID), err)
	}
	w.DeleteUser("maya@x.com")
	w.DeleteUser("maya@x.com")
	if len(w.Users()) != 0 || w.Sessions(maya.ID) != 0 || w.IsMember(g.ID, maya.ID) || len(w.Members(g.ID)) != 0 || w.OpenSession(maya.ID) == nil {
		t.Error("who was deleted is still there")
	}
	w.View(func(s *world.State) {
		if _, shown := s.People[0].Indexed(s.Now()); shown || s.User(maya.ID) != nil {
			t.Error("a search shows her")
		}
	})
}

func TestGroupsInGroupsAndFromOutside(t *testing.T) {
	w, _, _ := newWorld(world.Settings{})
	tom := w.AddUser(world.User{Email: "tom@x.com"})
	g, inner, all := w.AddGroup(world.Group{Name: "figma", Email: "figma@x.com", Aliases: []string{"f@x.com"}}), w.AddGroup(world.Group{Name: "inner"}), w.AddGroup(world.Group{Name: "all"})
	w.SetMember("inner", tom.ID, true)
	w.SetMember("f@x.com", inner.ID, true)
	w.SetMember("inner", g.ID, true) // by hand anything goes
	w.SetMember("figma", "gus@agency.com", true)
	w.SetMember("all", "", true)
	w.View(func(s *world.State) {
		reaches := func(id string) bool { return s.Reaches(s.Group(id), tom.ID, map[string]bool{}) }
		if !reaches(g.ID) || !reaches(all.ID) || s.Reaches(s.Group(g.ID), "1", map[string]bool{}) {
			t.Error("who is in a group by another one is not seen")
		}
		if !s.Ours("A@X.com") || s.Ours("a@y.com") || s.Outsider("gus@agency.com") != s.Outsider("GUS@agency.com") {
			t.Error("who is of the customer is not told")
		}
	})
	if got := w.Members("figma"); !slices.Equal(got, []string{inner.Email, "gus@agency.com"}) {
		t.Errorf("members %q", got)
	}
	if !w.DeleteGroup("inner") || slices.Contains(w.Members("figma"), inner.Email) {
		t.Error("a group that was deleted is a member")
	}
	if err := w.EditGroup("figma", func(g *world.Group) { g.Name, g.ID = "design", "x" }); err != nil || w.AllGroups()[0].ID != g.ID || w.AllGroups()[0].Name != "design" {
		t.Errorf("%+v, %v", w.AllGroups(), err)
	}
}

func TestReadsTrail(t *testing.T) {
	w, c, _ := newWorld(world.Settings{MemberLag: time.Minute, SearchLag: time.Hour, LogLag: time.Hour})
	maya := w.AddUser(world.User{Email: "maya@x.com"})
	w.AddGroup(world.Group{Name: "figma"})
	w.SetMember("figma", maya.ID, true)
	look := func() (members, found, logged int) {
		w.View(func(s *world.State) {
			members, logged = len(s.Seen(s.Groups[0])), len(s.Reported("admin"))
			if _, shown := s.People[0].Indexed(s.Now()); shown {
				found = 1
			}
		})
		return members, found, logged
	}
	if m, f, l := look(); m+f+l != 0 {
		t.Errorf("at once: %d %d %d", m, f, l)
	}
	c.Advance(time.Hour)
	if m, f, l := look(); m != 1 || f != 1 || l != 1 {
		t.Errorf("later: %d %d %d", m, f, l)
	}
	w.Lag(func(s *world.Settings) { s.MemberLag = 0 })
	w.SetSticky("figma", true)
	w.SetMember("figma", maya.ID, false)
	if m, _, _ := look(); m != 1 {
		t.Error("a group that sticks lets go")
	}
	w.LetGo()
	w.SetMember("figma", maya.ID, false)
	if m, _, _ := look(); m != 0 {
		t.Error("it goes on sticking")
	}
}

func TestRightsAndTheLog(t *testing.T) {
	w, c, _ := newWorld(world.Settings{})
	maya, g := w.AddUser(world.User{Email: "maya@x.com"}), w.AddGroup(world.Group{Name: "admins"})
	w.AddRole(world.Role{Name: "Helpdesk", Privileges: []string{"USERS_RETRIEVE"}})
	w.AddRole(world.Role{Name: "Helpdesk", Privileges: []string{"USERS_RETRIEVE", "GROUPS_RETRIEVE"}})
	w.SetMember("admins", maya.ID, true)
	if err := w.AssignRole("Helpdesk", g.ID); err != nil || w.AssignRole("none", g.ID) == nil {
		t.Errorf("%v", err)
	}
	w.View(func(s *world.State) {
		u := s.User(maya.ID)
		if !s.May(u, "GROUPS_RETRIEVE") || s.May(u, "GROUPS_UPDATE") || s.Delegated(maya.ID) || len(s.Roles) != 1 {
			t.Error("she has other rights than those of her group")
		}
	})
	for i, change := range []func(*world.User){
		func(u *world.User) { u.Suspended = true }, func(u *world.User) { u.Suspended = false }, func(u *world.User) { u.Archived = true }, func(u *world.User) { u.Super = true },
	} {
		c.Advance(time.Minute)
		if err := w.EditUser(maya.ID, change); err != nil {
			t.Fatal(i, err)
		}
	}
	w.Authorize(maya.ID, "app", "Figma", c.Now(), true)
	w.CallAPI(maya.ID, "app", "Figma", c.Now().Add(time.Minute))
	w.SAML(maya.ID, "Jira", c.Now(), true)
	w.View(func(s *world.State) {
		var events []string
		for _, a := range slices.Concat(s.Reported("admin"), s.Reported("token"), s.Reported("saml")) {
			events = append(events, a.Event)
		}
		if want := []string{"ARCHIVE_USER", "UNSUSPEND_USER", "SUSPEND_USER", "CREATE_USER", "activity", "request", "login_failure"}; !slices.Equal(events, want) {
			t.Errorf("the log has %q, want %q", events, want)
		}
		if !s.May(s.User(maya.ID), "ANYTHING") {
			t.Error("a super administrator may not do everything")
		}
	})
}
