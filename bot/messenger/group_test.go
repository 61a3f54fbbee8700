package messenger

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// on is a workspace with a user group of IT's.
func on(t *testing.T, wanted string, groups ...slack.UserGroup) *world {
	t.Helper()
	w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes(), Events: manifest.Events()})
	w.AddChannel(slack.Channel{ID: "C0ITACCESS", Name: "it-access", Members: []string{w.Omar}})
	for _, g := range groups {
		w.AddUserGroup(g)
	}
	return &world{w, New(Config{API: w.API, ITChannel: "#it-access", ITGroup: wanted})}
}

// Whoever of IT has to act is called by the id of their user group, found once; where it can't be
// found the message goes out all the same, and names it.
func TestTheUserGroupOfITIsCalled(t *testing.T) {
	used := slack.UserGroup{ID: "S0ITONCALL", Handle: "it-oncall", Name: "IT on call"}
	old := slack.UserGroup{ID: "S0OLD00001", Handle: "it-oncall", Name: "IT, as it was", Disabled: true}
	for name, c := range map[string]struct {
		wanted string
		groups []slack.UserGroup
		want   string
		ok     bool
	}{
		"by its handle":           {"@it-oncall", []slack.UserGroup{old, used}, "<!subteam^S0ITONCALL>", true},
		"by its handle without @": {"IT-OnCall", []slack.UserGroup{used}, "<!subteam^S0ITONCALL>", true},
		"by its id":               {"S0ITONCALL", []slack.UserGroup{used}, "<!subteam^S0ITONCALL>", true},
		"out of use":              {"@it-oncall", []slack.UserGroup{old}, "@it-oncall", false},
		"unknown id":              {"S0NOBODY01", []slack.UserGroup{used}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := on(t, c.wanted, c.groups...)
			for _, marker := range []string{"notice/1", "notice/2"} {
				if err := w.messenger.Announce(w.Ctx, notify.Announcement{Title: "A removal is stuck", Lines: []string{"The access may still be there."}, Urgent: true, Marker: marker}); err != nil {
					t.Fatal(err)
				}
			}
			said := slack.Render(w.Messages("C0ITACCESS")[1])
			if c.want != "" && !strings.Contains(said, c.want) || strings.Contains(said, "subteam") != (c.ok && c.want != "") {
				t.Errorf("it says\n%s", said)
			}
			if n := w.Stats()["usergroups.list"]; c.ok && n != 1 {
				t.Errorf("the groups were read %d times", n)
			}
			_, err := FindUserGroup(w.Ctx, w.API, c.wanted)
			if f := access.Classify(err); c.ok != (err == nil) || err != nil && f.Class != access.Rejected {
				t.Errorf("check says %v", err)
			}
		})
	}
}

// What is not urgent calls nobody.
func TestNobodyIsCalledForNothing(t *testing.T) {
	w := on(t, "@it-oncall", slack.UserGroup{ID: "S0ITONCALL", Handle: "it-oncall"})
	if err := w.messenger.Announce(w.Ctx, notify.Announcement{Title: "First look", Marker: "notice/1"}); err != nil {
		t.Fatal(err)
	}
	if n := w.Stats()["usergroups.list"]; n != 0 {
		t.Errorf("the groups were read %d times", n)
	}
}
