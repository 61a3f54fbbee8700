package bot

import (
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
			all := Check(t.Context(), w.API, c.wanted, "")
			got := all[len(all)-1]
			if got.OK != c.ok || !strings.Contains(got.Detail, c.want) || c.dontWant != "" && strings.Contains(got.Detail, c.dontWant) {
				t.Errorf("%+v", got)
			}
			w.Clean()
		})
	}
}

// A header that a proxy drops is no word about scopes.
func TestScopesThatAreNotNamedAreUnknown(t *testing.T) {
	if f := scopesGranted(""); !f.OK || !strings.Contains(f.Detail, "could not be compared") {
		t.Errorf("%+v", f)
	}
	if f := scopesGranted("chat:write"); f.OK || !strings.Contains(f.Detail, "the token lacks") {
		t.Errorf("%+v", f)
	}
	if f := scopesGranted(strings.Join(manifest.Scopes(), ",")); !f.OK || f.Detail != "all of the manifest are granted" {
		t.Errorf("%+v", f)
	}
}

// The user group that is called in the IT channel is looked at, if one is configured.
func TestCheckLooksAtTheUserGroup(t *testing.T) {
	w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes()})
	w.AddChannel(slack.Channel{ID: "C0ITACCESS", Name: "it-access"})
	w.AddUserGroup(slack.UserGroup{ID: "S0ITONCALL", Handle: "it-oncall", Users: []string{w.Omar}})
	for wanted, ok := range map[string]bool{"@it-oncall": true, "S0ITONCALL": true, "@it-helpdesk": false} {
		all := Check(t.Context(), w.API, "C0ITACCESS", wanted)
		if got := all[len(all)-1]; got.Check != "IT user group" || got.OK != ok || ok && got.Detail != "@it-oncall is there, with 1 member" {
			t.Errorf("%s: %+v", wanted, got)
		}
	}
	w.Clean()
}
