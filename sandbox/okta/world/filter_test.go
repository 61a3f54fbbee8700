package world_test

import (
	"testing"
	"time"

	"latchkey/sandbox/okta/world"
)

// TestExpressionsAreReadAsOktaReadsThem: in the dialect of the endpoint, and refused where Okta refuses them.
func TestExpressionsAreReadAsOktaReadsThem(t *testing.T) {
	maya := world.User{ID: "00u1", Login: "maya@x.com", Email: "maya@x.com", First: "Maya", Last: "Lind", Department: "Design", Title: "Lead", UserType: "Employee", EmployeeNumber: "40017",
		ManagerID: "00u2", Manager: "Noor", Status: world.Active, Created: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Custom: map[string]any{"badges": []string{"red", "blue"}, "floor": 3}}
	for expression, want := range map[string]bool{
		`profile.email eq "MAYA@x.com"`: true, `profile.firstName sw "Ma"`: true, `profile.lastName co "ind"`: true, `profile.department eq "Sales"`: false,
		`status eq "ACTIVE" and profile.title eq "Lead"`: true, `status eq "ACTIVE" and profile.title eq "x" or id eq "00u1"`: true,
		`status eq "ACTIVE" and (profile.title eq "x" or id eq "00u2")`: false, `profile.badges eq "blue"`: true, `profile.floor eq "3"`: true,
		`profile.nothing pr`: false, `profile.userType pr`: true, `created gt "2026-01-01T00:00:00.000Z"`: true, `created lt "2026-01-01T00:00:00.000Z"`: false,
		`profile.displayName eq "Maya Lind"`: true, `profile.employeeNumber ge "40017"`: true, `profile.managerId eq "00u2"`: true, `profile.manager le "N"`: false,
		`statusChanged pr`: true, `profile.login eq "say \"hi\""`: false,
	} {
		match, err := world.ParseFilter(expression, world.SearchUsers())
		if err != nil || match(maya.Attribute) != want {
			t.Errorf("%s: %v, want %v", expression, err, want)
		}
	}
	for expression, dialect := range map[string]world.Dialect{
		`profile.email ne "x"`: world.SearchUsers(), `profile.title eq "x"`: world.FilterUsers(), `name sw "f"`: world.FilterApps(), `profile.name eq "x"`: world.FilterGroups(),
		`id eq`: world.SearchGroups(), `id eq "x" and`: world.SearchGroups(), `(id eq "x"`: world.SearchGroups(), `id eq "x" id`: world.SearchGroups(), `id eq "x`: world.SearchGroups(), ``: world.SearchGroups(),
	} {
		if _, err := world.ParseFilter(expression, dialect); err == nil {
			t.Errorf("%s is taken", expression)
		}
	}
}

// TestWhatExpressionsNameIsThere: of groups, applications and the log.
func TestWhatExpressionsNameIsThere(t *testing.T) {
	w := newOrg()
	w.AddGroup(world.Group{ID: "00g1", Name: "editors", Description: "May edit"})
	w.AddUser(world.User{Login: "maya@x.com"})
	app := w.AddApp(world.App{Name: "figma", Label: "Figma", Groups: []string{"editors"}, Roles: map[string]string{"editors": "Editor"}, People: []string{"maya"}})
	w.RecordSSO("maya@x.com", app.ID, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), "SUCCESS")
	if w.RecordSSO("nobody@x.com", app.ID, time.Time{}, "SUCCESS") {
		t.Error("nobody signed in")
	}
	fits := func(expression string, d world.Dialect, of world.Attributes) bool {
		t.Helper()
		match, err := world.ParseFilter(expression, d)
		if err != nil {
			t.Fatal(err)
		}
		return match(of)
	}
	w.View(func(s *world.State) {
		g, a := s.GroupByID["00g1"], s.AppByID[app.ID]
		if !fits(`profile.name eq "editors" and profile.description co "edit" and type eq "OKTA_GROUP" and id eq "00g1" and lastMembershipUpdated pr and created pr`, world.SearchGroups(), g.Attribute) {
			t.Error("the group doesn't fit")
		}
		if !fits(`name eq "figma" and status eq "ACTIVE" and id eq "`+app.ID+`"`, world.FilterApps(), a.Attribute) || a.Role(g) != "Editor" {
			t.Errorf("the application doesn't fit, the role is %q", a.Role(g))
		}
		if users := a.Users(); len(users) != 1 || users[0].Group != nil || users[0].Login != "maya@x.com" {
			t.Errorf("the application lets in %v", users)
		}
	})
	log := w.Log()
	if last := log[len(log)-1]; !fits(`eventType eq "user.authentication.sso" and outcome.result ne "FAILURE" and target.type eq "AppInstance" and actor.alternateId ew "x.com" and uuid pr and severity eq "INFO"`, world.FilterLogs(), last.Attribute) {
		t.Errorf("the log's entry doesn't fit: %+v", last)
	}
	if u := w.Users()[0]; u.LastLogin.IsZero() {
		t.Error("a sign-in is no login")
	}
}
