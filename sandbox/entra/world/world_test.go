package world_test

import (
	"fmt"
	"testing"
	"time"

	"latchkey/sandbox/entra/world"
	"latchkey/sandbox/handclock"
)

func tenant() (*world.World, *handclock.Clock, *int) {
	clock, changes := handclock.New(), new(int)
	return world.New(world.Settings{Clock: clock, OnChange: func() { *changes++ }}), clock, changes
}

func TestWhatThereIsAsOfAMoment(t *testing.T) {
	w, clock, changes := tenant()
	g, maya := w.AddGroup(world.Group{Name: "figma"}), w.AddUser(world.User{UPN: "maya@x.com", GivenName: "Maya", Surname: "Chen"})
	inner := w.AddGroup(world.Group{Name: "inner"})
	before := clock.Now()
	clock.Advance(time.Hour)
	w.SetMember("figma", "MAYA@x.com", true)
	w.Put("inner", g.ID, world.KindGroup)
	w.Put("figma", inner.ID, world.KindGroup) // in a circle
	during := clock.Now()
	clock.Advance(time.Hour)
	w.SetMember("figma", maya.ID, false)
	w.DeleteUser(maya.ID)
	w.DeleteGroup("inner")
	w.View(func(s *world.State) {
		for at, want := range map[time.Time]string{before: "0 0 2 true", during: "2 2 2 true", clock.Now(): "1 0 1 false"} {
			live := s.GroupAt(g.ID, at)
			got := fmt.Sprint(len(s.MembersAt(live, at)), " ", len(s.AllJoinedAt(maya.ID, at)), " ", len(s.GroupsAt(at)), " ", s.UserAt("maya@X.com", at) != nil)
			if got != want {
				t.Errorf("at %s: %s, want %s", at, got, want)
			}
		}
		if len(s.AllMembersAt(inner.ID, during)) != 1 || len(s.DeletedUsers()) != 1 || !s.UserEver(maya.ID).Gone() || s.Tracked() == 0 || s.GroupAt("none", during) != nil {
			t.Error("who is in the inner group by way of the other, or what was deleted, is not known")
		}
	})
	if *changes != 9 {
		t.Errorf("%d changes were told", *changes)
	}
	if err := w.RestoreUser(maya.ID, ""); err != nil || w.Users()[0].DisplayName != "Maya Chen" {
		t.Error(err)
	}
	if w.RestoreUser(maya.ID, "") == nil {
		t.Error("it was restored twice")
	}
}

func TestIdsAreGUIDsAndDifferBetweenTenants(t *testing.T) {
	seen := map[string]bool{}
	for _, seed := range []string{"a", "b"} {
		w := world.New(world.Settings{Clock: handclock.New(), OnChange: func() {}, Seed: seed})
		for range 100 {
			id := w.AddUser(world.User{UPN: "x"}).ID
			if len(id) != 36 || id[14] != '4' || seen[id] {
				t.Fatalf("%s is no id, or the second of its kind", id)
			}
			seen[id] = true
		}
	}
}

func TestExpressions(t *testing.T) {
	user := &world.LiveUser{User: world.User{ID: "1", UPN: "o'hara@x.com", Department: "IT", OtherMails: []string{"a@b.c"}, Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
	for text, want := range map[string]bool{
		"userPrincipalName eq 'O''Hara@x.com'": true, "department eq 'HR' or department eq 'it'": true, "department eq 'IT' and accountEnabled eq false": false,
		"not (department eq 'HR')": true, "startswith(department,'i') and endsWith(userPrincipalName,'x.com')": true, "otherMails/any(m:m eq 'a@b.c')": true,
		"id in ('2', '1')": true, "createdDateTime le 2026-01-01T00:00:00Z": true, "createdDateTime eq 2026-01-02T00:00:00Z": false, "displayName eq ''": false,
	} {
		f, err := world.ParseFilter(text, world.UserProperties())
		if err != nil || f.Match(user.Attribute) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	app := &world.LiveApp{App: world.App{ID: "1", AppID: "2", Tags: []string{"T"}}}
	if f, err := world.ParseFilter("tags/any(t:t eq 'T') and appId eq '2'", world.AppProperties()); err != nil || !f.Match(app.Attribute) {
		t.Error(err)
	}
	group := &world.LiveGroup{Group: world.Group{ID: "1", Name: "g", Rule: "x", Unified: true}}
	if f, err := world.ParseFilter("groupTypes/any(t:t eq 'DynamicMembership') and mailEnabled eq true and securityEnabled eq false and isAssignableToRole eq false", world.GroupProperties()); err != nil || !f.Match(group.Attribute) {
		t.Error(err)
	}
	signIn := world.SignIn{UserID: "1", AppID: "2", At: user.Created}
	if f, err := world.ParseFilter("userId eq '1' and createdDateTime ge 2026-01-01T00:00:00Z", world.SignInProperties()); err != nil || !f.Match(signIn.Attribute) {
		t.Error(err)
	}
	audit := world.Audit{Category: "c", At: user.Created}
	if f, err := world.ParseFilter("category eq 'c' and activityDateTime le 2027-01-01T00:00:00Z", world.AuditProperties()); err != nil || !f.Match(audit.Attribute) {
		t.Error(err)
	}
	for _, text := range []string{"'", "x eq 'y'", "id eq", "id eq 'x' or", "(id eq 'x'", "id in ('x' 'y')", "otherMails/any(m:m ne 'x')", "endsWith(id)", "createdDateTime ge soon", "id eq 'x')"} {
		if _, err := world.ParseFilter(text, world.UserProperties()); err == nil {
			t.Errorf("%s is understood", text)
		}
	}
}

func TestSessionsAndSignIns(t *testing.T) {
	w, clock, _ := tenant()
	maya := w.AddUser(world.User{UPN: "maya@x.com", Mail: "m@x.com"})
	guest := w.AddUser(world.User{UPN: "g#EXT#@x.com"})
	for _, who := range []string{"m@x.com", guest.ID} {
		if err := w.OpenSession(who); err != nil {
			t.Fatal(err)
		}
	}
	w.Update(func(s *world.State) {
		s.EndSessions(s.UserAt(maya.ID, s.Now()))
		s.EndSessions(s.UserAt(guest.ID, s.Now()))
	})
	if w.Sessions(maya.ID) != 0 || w.Sessions(guest.ID) != 1 {
		t.Error("sessions of a member go on, or of a guest ended")
	}
	app := w.AddApp(world.App{Name: "Figma"})
	w.AddApp(world.App{ID: app.ID, AppID: app.AppID, Name: "Figma 2"})
	w.AssignApp(app.ID, maya.ID, world.KindUser, "")
	w.RecordSignIn(maya.ID, app.AppID, clock.Now(), 0)
	w.RecordSignIn(maya.ID, app.AppID, clock.Now().Add(-time.Hour), 1)
	w.View(func(s *world.State) {
		u := s.UserAt(maya.ID, s.Now())
		if all := s.SortedApps(); len(all) != 1 || all[0].Name != "Figma 2" || all[0].Assigned[0].Role != world.NoRole {
			t.Errorf("applications %+v", all)
		}
		if !u.LastSignIn.Equal(clock.Now()) || !u.LastAttempt.Equal(clock.Now()) || len(s.SignIns) != 2 || s.SignIns[0].ErrorCode != 1 {
			t.Errorf("signed in %s, tried %s", u.LastSignIn, u.LastAttempt)
		}
	})
}

func TestGroupsThatDoNotLetGo(t *testing.T) {
	w, _, _ := tenant()
	maya := w.AddUser(world.User{UPN: "maya@x.com"})
	g := w.AddGroup(world.Group{Name: "figma"})
	w.SetMember("figma", maya.ID, true)
	w.SetSticky("figma", true)
	remove := func() (was bool) {
		w.Update(func(s *world.State) { was = s.RemoveMember(s.GroupAt(g.ID, s.Now()), maya.ID) })
		return was
	}
	if !remove() || !w.IsMember("figma", "maya@x.com") || len(w.Members("figma")) != 1 || len(w.Groups()) != 1 {
		t.Error("it let go")
	}
	w.LetGo()
	if !remove() || remove() || w.IsMember(g.ID, maya.ID) {
		t.Error("it doesn't let go any more")
	}
	if w.AssignRole("figma", "Global Administrator") != nil || w.UnassignRoles("figma") != nil || w.EditGroup("figma", func(g *world.Group) { g.Name = "f" }) != nil || len(w.Members("none")) != 0 {
		t.Error("it can't be changed")
	}
	w.Update(func(s *world.State) { s.DeleteObject(maya.ID); s.DeleteObject("none") })
	if len(w.Users()) != 0 {
		t.Error("an account outlived its deletion")
	}
}
