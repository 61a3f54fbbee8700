package entra_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/entra"
	sandbox "latchkey/sandbox/entra"
)

// TestGroupsThatAreNotChangedSayWhy: with the reason and the remedy, also where Graph speaks of missing privileges.
func TestGroupsThatAreNotChangedSayWhy(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	u := e.AddUser(sandbox.User{UPN: "maya@x.com"})
	for says, g := range map[string]sandbox.Group{
		`the rule "user.department -eq \"IT\""`: {Rule: `user.department -eq "IT"`},
		"Active Directory":                      {Synced: true},
		"Privileged Identity Management":        {RoleAssignable: true},
		"administrative unit":                   {Restricted: true},
		"only Exchange changes":                 {MailEnabled: true},
	} {
		g.Name = says
		made := e.AddGroup(g)
		read, err := e.Group(t.Context(), made.ID)
		if err != nil || read.Governable || !strings.Contains(read.Why, says) || !strings.Contains(read.Why, ":") {
			t.Errorf("Group(%s) = %+v, %v", says, read, err)
		}
		for _, err := range []error{e.Add(t.Context(), made.ID, u.ID), e.Remove(t.Context(), made.ID, u.ID)} {
			if !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v", says, err)
			}
		}
	}
	unified := e.AddGroup(sandbox.Group{Name: "a team", MailEnabled: true, Unified: true})
	if g, err := e.Group(t.Context(), unified.ID); err != nil || !g.Governable {
		t.Errorf("a Microsoft 365 group: %+v, %v", g, err)
	}
	for _, call := range e.Calls() {
		if strings.HasPrefix(call, "POST /v1.0/groups") || strings.HasPrefix(call, "DELETE") {
			t.Errorf("it was tried: %s", call)
		}
	}
}

func TestGroupsWithGroupsInThem(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	outer, inner, u := e.AddGroup(sandbox.Group{Name: "outer"}), e.AddGroup(sandbox.Group{Name: "inner"}), e.AddUser(sandbox.User{UPN: "maya@x.com"})
	e.SetMember("outer", u.ID, true)
	e.Put("outer", inner.ID, sandbox.AGroup)
	e.Put("outer", "a-device", "device")
	found, err := e.FindGroup(t.Context(), "outer")
	read, err2 := e.Group(t.Context(), outer.ID)
	if err != nil || err2 != nil || found.Governable || found != read || !strings.Contains(found.Why, `"inner"`) {
		t.Errorf("found %+v, read %+v, %v %v", found, read, err, err2)
	}
	if all, err := idp.Everybody(e.Directory.Members(t.Context(), outer.ID)); !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), "inner") {
		t.Errorf("a list that is not everybody: %v, %v", all, err)
	}
	if err := e.Remove(t.Context(), outer.ID, u.ID); err != nil || e.Server.IsMember("outer", u.ID) {
		t.Errorf("what was given is taken all the same: %v", err)
	}
	if g, err := e.Group(t.Context(), inner.ID); err != nil || !g.Governable {
		t.Errorf("the inner one: %+v, %v", g, err)
	}
}

func TestTwoGroupsOfOneNameAreListedByID(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	a, b := e.AddGroup(sandbox.Group{Name: "twin"}), e.AddGroup(sandbox.Group{Name: "twin"})
	_, err := e.FindGroup(t.Context(), "twin")
	if !errors.Is(err, idp.ErrAmbiguous) || !strings.Contains(err.Error(), "entra:id:"+a.ID) || !strings.Contains(err.Error(), "entra:id:"+b.ID) {
		t.Error(err)
	}
	if _, err := e.FindGroup(t.Context(), a.ID); !errors.Is(err, idp.ErrNotFound) || !strings.Contains(err.Error(), "entra:id:"+a.ID) {
		t.Errorf("an id in the place of a name: %v", err)
	}
}

// TestAGroupThatBecomesARulesIsRecognised: Graph then speaks of missing privileges, which is not believed.
func TestAGroupThatBecomesARulesIsRecognised(t *testing.T) {
	now := clocktest.New(time.Unix(0, 0))
	e := newTenant(t, sandbox.Config{}, func(c *entra.Config) { c.Clock = now })
	g, u := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "maya@x.com"})
	if err := e.Add(t.Context(), g.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	if err := e.EditGroup("figma", func(g *sandbox.Group) { g.Rule = "user.accountEnabled -eq true" }); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"add": e.Add(t.Context(), g.ID, u.ID), "remove": e.Remove(t.Context(), g.ID, u.ID)} {
		if !errors.Is(err, idp.ErrRefused) || !strings.Contains(err.Error(), "rule") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if v := e.Violations(); len(v) != 0 {
		t.Errorf("violations: %v", v)
	}
}

func TestRemovalsNeverDeleteAnAccount(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	g, u := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "maya@x.com"})
	e.SetMember("figma", u.ID, true)
	for _, id := range []string{u.ID, u.ID, "", "maya@x.com", u.ID + "/"} {
		if err := e.Remove(t.Context(), g.ID, id); err != nil {
			t.Errorf("Remove(%q): %v", id, err)
		}
	}
	if len(e.Users()) != 1 || len(e.Violations()) != 0 {
		t.Errorf("left are %v, violations %v", e.Users(), e.Violations())
	}
}

// TestAnswersThatTrail: a read of a replica that trails says what was so, and within ReadLag nothing follows from it. A
// refusal because somebody is a member already is a success, whatever a replica says.
func TestAnswersThatTrail(t *testing.T) {
	now := clocktest.New(time.Unix(1_800_000_000, 0))
	e := newTenant(t, sandbox.Config{Clock: sandboxClock{now}}, func(c *entra.Config) { c.Clock = now })
	g, u := e.AddGroup(sandbox.Group{Name: "figma"}), e.AddUser(sandbox.User{UPN: "maya@x.com", Mail: "maya@x.com"})
	now.Advance(time.Hour)
	e.SetLag(30*time.Second, 30*time.Second)
	for range 3 {
		if err := e.Add(t.Context(), g.ID, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[bool]int{}
	for range 6 {
		is, err := e.Directory.IsMember(t.Context(), g.ID, u.ID)
		if err != nil {
			t.Fatal(err)
		}
		seen[is]++
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("the replicas agree, so nothing is tested: %v", seen)
	}
	// The index doesn't have her yet; who is on the record's list is read by herself.
	for range 2 {
		all, err := idp.Everybody(e.Directory.Members(t.Context(), g.ID))
		if err != nil || len(all) == 1 && (all[0].PersonID != u.ID || all[0].Status != idp.Active || all[0].Email != "maya@x.com") {
			t.Errorf("members %+v, %v", all, err)
		}
	}
	now.Advance(e.ReadLag())
	for range 2 {
		if is, err := e.Directory.IsMember(t.Context(), g.ID, u.ID); err != nil || !is {
			t.Errorf("after the lag: %v, %v", is, err)
		}
	}
}

// sandboxClock is a clock as emulators want it.
type sandboxClock struct{ *clocktest.Clock }

func (c sandboxClock) After(d time.Duration) <-chan time.Time {
	panic(fmt.Sprintf("nothing waits for %s here", d))
}

func TestListsThatAreNotWhole(t *testing.T) {
	e := newTenant(t, sandbox.Config{Unlimited: true}, nil)
	g := e.AddGroup(sandbox.Group{Name: "figma"})
	for i := range 5 {
		e.SetMember("figma", e.AddUser(sandbox.User{UPN: fmt.Sprintf("p%d@x.com", i)}).ID, true)
	}
	for name, c := range map[string]struct {
		fault sandbox.Fault
		whole bool
	}{
		"short pages":              {sandbox.Fault{Short: 2}, true},
		"an empty page":            {sandbox.Fault{Hollow: true}, true},
		"pages that never end":     {sandbox.Fault{Short: 2, Frozen: true}, false},
		"an expired page":          {sandbox.Fault{Short: 2}, false},
		"nobody, but five counted": {sandbox.Fault{Path: "/v1.0/groups/*/members", Empty: true}, false},
	} {
		e.ClearFaults()
		if name == "an expired page" {
			e.AddFault(sandbox.Fault{Later: true, Status: 400, Code: "Directory_ExpiredPageToken"})
		}
		e.AddFault(c.fault)
		all, err := idp.Everybody(e.Directory.Members(t.Context(), g.ID))
		if c.whole && (err != nil || len(all) != 5) || !c.whole && (err == nil || errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrRefused)) {
			t.Errorf("%s: %d, %v", name, len(all), err)
		}
	}
}

func TestAdminRoles(t *testing.T) {
	e := newTenant(t, sandbox.Config{}, nil)
	g := e.AddGroup(sandbox.Group{Name: "empty", RoleAssignable: true})
	sees, _ := idp.As[idp.AdminGroups](e.Directory)
	if roles, err := sees.AdminRoles(t.Context(), g.ID); err != nil || len(roles) != 1 || !strings.Contains(roles[0], "any role") {
		t.Errorf("a group that may carry any: %q, %v", roles, err)
	}
	e = newTenant(t, sandbox.Config{Permissions: []string{"GroupMember.Read.All"}}, nil)
	g = e.AddGroup(sandbox.Group{Name: "admins"})
	if err := e.AssignRole("admins", "Global Administrator"); err != nil {
		t.Fatal(err)
	}
	sees, _ = idp.As[idp.AdminGroups](e.Directory)
	if roles, err := sees.AdminRoles(t.Context(), g.ID); err != nil || len(roles) != 1 || !strings.Contains(roles[0], "may not see") {
		t.Errorf("a role without its name: %q, %v", roles, err)
	}
}
