package bot

import (
	"slices"
	"strings"
	"testing"

	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/sandbox/slack"
)

// What is said of Slack was seen: a channel that is given by its id, too.
func TestCheckSaysWhatItSaw(t *testing.T) {
	for name, c := range map[string]struct {
		channel  slack.Channel
		wanted   string
		ok       bool
		want     string
		dontWant string
	}{
		"by name":           {slack.Channel{Name: "it-access"}, "#it-access", true, "#it-access is there; the bot joins it", ""},
		"by id":             {slack.Channel{ID: "C0ITACCESS", Name: "it-access"}, "C0ITACCESS", true, "#it-access is there", ""},
		"by id, archived":   {slack.Channel{ID: "C0ITACCESS", Name: "it-access", Archived: true}, "C0ITACCESS", false, "is archived. Open it again", ""},
		"by name, archived": {slack.Channel{Name: "it-access", Archived: true}, "#it-access", false, "is archived. Open it again", "There is no channel"},
		"by id, gone":       {slack.Channel{Name: "elsewhere"}, "C0ITACCESS", false, "/invite", "is there"},
	} {
		t.Run(name, func(t *testing.T) {
			w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes()})
			w.AddChannel(c.channel)
			all := Check(t.Context(), w.API, Wanted{ITChannel: c.wanted})
			got := all[len(all)-1]
			if got.OK != c.ok || !strings.Contains(got.Detail, c.want) || c.dontWant != "" && strings.Contains(got.Detail, c.dontWant) {
				t.Errorf("%+v", got)
			}
			w.Clean()
		})
	}
}

// A header that a proxy drops is no word about scopes, and what is granted beyond need is told.
func TestScopesThatAreNotNamedAreUnknown(t *testing.T) {
	if f := scopesGranted(""); len(f) != 1 || !f[0].Note || !strings.Contains(f[0].Detail, "is unknown") {
		t.Errorf("%+v", f)
	}
	if f := scopesGranted("chat:write"); len(f) != 1 || f[0].OK || !strings.Contains(f[0].Detail, "the token lacks") {
		t.Errorf("%+v", f)
	}
	if f := scopesGranted(strings.Join(manifest.Scopes(), ",")); len(f) != 1 || f[0].Note || f[0].Detail != "all of the manifest are granted" {
		t.Errorf("%+v", f)
	}
	if f := scopesGranted(strings.Join(manifest.Scopes(), ",") + ", admin"); len(f) != 2 || !f[0].OK || !f[1].Note || !strings.Contains(f[1].Detail, "no use for admin,") {
		t.Errorf("%+v", f)
	}
}

// Channels are looked at with who names them, and what follows of one lack of a scope isn't told again.
func TestCheckLooksAtEveryChannel(t *testing.T) {
	w := bottest.NewWorkspace(t, slack.Config{Scopes: slices.DeleteFunc(manifest.Scopes(), func(s string) bool { return s == "usergroups:read" })})
	w.AddChannel(slack.Channel{ID: "C0ITACCESS", Name: "it-access"})
	w.AddChannel(slack.Channel{ID: "G0PRIVATE1", Name: "hidden", Private: true})
	all := Check(t.Context(), w.API, Wanted{ITChannel: "#it-access", ITGroup: "@it-oncall", Channels: map[string][]string{"#hidden": {"Figma"}, "#design": {"CRM", "Miro"}}})
	var faults []string
	for _, f := range all {
		if !f.OK {
			faults = append(faults, f.Check+": "+f.Detail)
		}
	}
	got := strings.Join(faults, "\n")
	if len(faults) != 3 || !strings.Contains(got, "scopes: the token lacks usergroups:read") || !strings.Contains(got, "channel #design: There is no channel #design") ||
		!strings.Contains(got, "named by CRM, Miro") || !strings.Contains(got, "#hidden") {
		t.Error(got)
	}
	w.Clean()
}

// The user group that is called in the IT channel is looked at, if one is configured.
func TestCheckLooksAtTheUserGroup(t *testing.T) {
	w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes()})
	w.AddChannel(slack.Channel{ID: "C0ITACCESS", Name: "it-access"})
	w.AddUserGroup(slack.UserGroup{ID: "S0ITONCALL", Handle: "it-oncall", Users: []string{w.Omar}})
	for wanted, ok := range map[string]bool{"@it-oncall": true, "S0ITONCALL": true, "@it-helpdesk": false} {
		all := Check(t.Context(), w.API, Wanted{ITChannel: "C0ITACCESS", ITGroup: wanted})
		if got := all[len(all)-1]; got.Check != "IT user group" || got.OK != ok || ok && got.Detail != "@it-oncall is there, with 1 member" {
			t.Errorf("%s: %+v", wanted, got)
		}
	}
	w.Clean()
}
