package roster

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/sandbox/slack"
)

// Who is in a user group is read each time; what it is called, once an hour.
func TestUserGroup(t *testing.T) {
	w, _ := inWorkspace(t)
	now := bottest.Monday()
	r := New(w.API, func() time.Time { return now })
	g := w.AddUserGroup(slack.UserGroup{ID: "S0PLATFORM", Handle: "platform", Users: []string{w.Maya, w.Noor}})
	for _, users := range [][]string{{w.Maya, w.Noor}, {w.Noor}, nil} {
		g.Users = users
		w.AddUserGroup(g)
		if got, err := r.UserGroup(w.Ctx, g.ID); err != nil || !slices.Equal(got, users) {
			t.Errorf("%v, %v; want %v", got, err, users)
		}
		if got := r.UserGroupCalled(w.Ctx, g.ID); got != "@platform" {
			t.Errorf("it is called %q", got)
		}
	}
	if got := r.UserGroupCalled(w.Ctx, "S0NOBODYS"); got != "" {
		t.Errorf("one that isn't there is called %q", got)
	}
	if s := w.Stats(); s["usergroups.users.list"] != 3 || s["usergroups.list"] != 1 {
		t.Errorf("asked %d and %d times", s["usergroups.users.list"], s["usergroups.list"])
	}
	g.Handle, now = "operations", now.Add(calledFor+time.Second)
	w.AddUserGroup(g)
	if got := r.UserGroupCalled(w.Ctx, g.ID); got != "@operations" {
		t.Errorf("an hour later it is called %q", got)
	}
	w.AddFault(slack.Fault{Method: "usergroups.list", Times: 1, Error: "internal_error"})
	now = now.Add(calledFor + time.Second)
	if got := r.UserGroupCalled(w.Ctx, g.ID); got != "@operations" {
		t.Errorf("while that can't be read it is called %q", got)
	}
}

// That a user group can't be read never comes out as nobody.
func TestUserGroupThatCannotBeRead(t *testing.T) {
	w, r := inWorkspace(t)
	g := w.AddUserGroup(slack.UserGroup{ID: "S0PLATFORM", Handle: "platform", Users: []string{w.Maya}})
	for code, class := range map[string]access.Class{
		"no_such_subteam": access.Rejected, "plan_upgrade_required": access.Rejected, "missing_scope": access.Denied, "token_revoked": access.Denied, "internal_error": access.Transient,
	} {
		w.AddFault(slack.Fault{Method: "usergroups.users.list", Times: 1, Error: code})
		got, err := r.UserGroup(w.Ctx, g.ID)
		if bottest.WantFailure(t, err, class); got != nil {
			t.Errorf("%s: %v", code, got)
		}
	}
	w.AddFault(slack.Fault{Method: "usergroups.users.list", Times: 1, RetryAfter: 3})
	_, err := r.UserGroup(w.Ctx, g.ID)
	bottest.WantFailure(t, err, access.Limited)
	g.Disabled = true
	w.AddUserGroup(g)
	_, err = r.UserGroup(w.Ctx, g.ID)
	bottest.WantFailure(t, err, access.Rejected)
}

// In an organisation the list may name an account by the id from before. Whoever clicks was
// looked up before, by which it is known that there is one.
func TestUserGroupOfAnOrganisation(t *testing.T) {
	w, r, former := inOrganisation(t)
	now := id(t, w, "maya")
	if _, err := r.Member(w.Ctx, now); err != nil {
		t.Fatal(err)
	}
	w.AddUserGroup(slack.UserGroup{ID: "S0PLATFORM", Handle: "platform", Users: []string{former}})
	if got, err := r.UserGroup(w.Ctx, "S0PLATFORM"); err != nil || !slices.Equal(got, []string{now}) {
		t.Errorf("%v, %v; want %s", got, err, now)
	}
}
