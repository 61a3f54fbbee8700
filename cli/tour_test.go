package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/app"
	"latchkey/config"
	"latchkey/config/value"
	oktaidp "latchkey/idp/okta"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

func exampleConfig(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, app.Backends())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTour plays the tour as a program would read it.
func TestTour(t *testing.T) {
	var out bytes.Buffer
	looks, g := sync.WaitGroup{}, &gallery{kinds: map[string]bool{}}
	looking, enough := context.WithCancel(t.Context())
	d := demo{config: exampleConfig(t), out: &out, log: io.Discard, json: true, spoil: func(w *sandbox.World, _ *config.Config) {
		looks.Go(func() { g.visit(looking, w) })
	}}
	err := d.tour(t.Context())
	enough()
	looks.Wait()
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	g.drawn(t)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := 0
	for _, s := range tourChapters() {
		want += len(s.lines)
	}
	if len(lines) != want {
		t.Errorf("%d steps printed, the tour has %d", len(lines), want)
	}
	for _, line := range lines {
		var s step
		if err := json.Unmarshal([]byte(line), &s); err != nil || !s.OK || s.Step == "" || s.Actor == "" || s.Saw == "" {
			t.Errorf("not a step: %s (%v)", line, err)
		}
	}
}

// TestTourSeesEveryBrokenAdapter breaks one adapter at a time. The tour has to
// notice: each of its steps looks at the emulated services.
func TestTourSeesEveryBrokenAdapter(t *testing.T) {
	for name, spoil := range map[string]func(*sandbox.World, *config.Config){
		"Slack posts nothing": func(w *sandbox.World, _ *config.Config) {
			w.Slack.AddFault(slack.Fault{Method: "chat.postMessage", Status: 500})
		},
		"Slack edits nothing": func(w *sandbox.World, _ *config.Config) {
			w.Slack.AddFault(slack.Fault{Method: "chat.update", Status: 500})
		},
		"Slack opens no modal": func(w *sandbox.World, _ *config.Config) {
			w.Slack.AddFault(slack.Fault{Method: "views.open", Status: 500})
		},
		"Jira opens no issue": func(w *sandbox.World, _ *config.Config) {
			w.Jira.AddFault(jira.Fault{Method: "POST", Path: "/rest/servicedeskapi/request", Times: -1, Status: 500})
		},
		"Jira moves no issue": func(w *sandbox.World, _ *config.Config) {
			w.Jira.AddFault(jira.Fault{Method: "POST", Path: "/rest/api/3/issue/*/transitions", Times: -1, Status: 500})
		},
		"Jira takes no comment": func(w *sandbox.World, _ *config.Config) {
			w.Jira.AddFault(jira.Fault{Method: "POST", Path: "/rest/api/3/issue/*/comment", Times: -1, Status: 500})
		},
		"Okta adds nobody":    func(w *sandbox.World, _ *config.Config) { w.Okta.AddFault(okta.Fault{Method: "PUT", Status: 500}) },
		"Okta removes nobody": func(w *sandbox.World, _ *config.Config) { w.Okta.AddFault(okta.Fault{Method: "DELETE", Status: 500}) },
		"Okta forgets who is whose": func(w *sandbox.World, _ *config.Config) {
			w.Okta.AddUser(okta.User{Login: "maya@acme.example", Email: "maya@acme.example", First: "Maya", Last: "Lind"})
		},
		"a removal that comes back": func(w *sandbox.World, _ *config.Config) { w.Okta.SetSticky("figma-editors", true) },
		"the wrong token for Jira":  func(_ *sandbox.World, c *config.Config) { c.Jira.Token = value.NewSecret("wrong") },
		"the wrong token for Slack": func(_ *sandbox.World, c *config.Config) { c.Slack.BotToken = value.NewSecret("xoxb-wrong") },
		"the wrong app-level token": func(_ *sandbox.World, c *config.Config) { c.Slack.AppToken = value.NewSecret("xapp-wrong") },
		"the wrong token for Okta": func(_ *sandbox.World, c *config.Config) {
			c.IDP[0].Settings = oktaidp.Settings{URL: c.IDP[0].Settings.(oktaidp.Settings).URL, Token: value.NewSecret("wrong")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			d := demo{config: exampleConfig(t), out: &out, log: io.Discard, timeout: 3 * time.Second, spoil: spoil}
			if err := d.tour(t.Context()); err == nil {
				t.Errorf("the tour did not notice:\n%s", out.String())
			}
		})
	}
}
