package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/catalog"
)

// loadApps loads a small configuration with the given approvals and apps.
func loadApps(t *testing.T, text string) (*Config, error) {
	t.Helper()
	small, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(small), "approvals:")
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(head+text), 0o644); err != nil {
		t.Fatal(err)
	}
	return Load(path, func(string) (string, bool) { return "", false }, ofThisBuild())
}

const decidingApps = `approvals:
  plain: [manager]
  loud: {stages: [manager, {approvers: [owner], need: all}], channel: "#access"}
requests: {break_glass: 2h}
apps:
  - id: kit
    name: Kit
    owners: [ann@acme.example]
    route: loud
    channel: "#kit"
    extend: {max_times: 3, reapprove: after 90d}
    duration: {choices: [1h], default: 1h}
    roles:
      - {id: a, name: A, groups: ["okta:a"]}
      - {id: b, name: B, groups: ["okta:b"], channel: "C0123456789", extend: {reapprove: always}}
  - id: tool
    name: Tool
    owners: [ann@acme.example]
    duration: {choices: [1h], default: 1h}
    roles:
      - {id: c, name: C, groups: ["okta:c"], route: loud}
      - {id: d, name: D, groups: ["okta:d"], route: plain}
`

func TestDecidingIsConfigured(t *testing.T) {
	c, err := loadApps(t, decidingApps)
	if err != nil {
		t.Fatal(err)
	}
	if c.Requests.BreakGlass != 2*time.Hour {
		t.Errorf("an emergency lasts %s", c.Requests.BreakGlass)
	}
	channels := map[string]string{}
	extend := map[string]catalog.Extend{}
	for _, a := range c.Catalog.Apps() {
		for _, r := range a.Roles {
			channels[r.ID], extend[r.ID] = c.Catalog.Channel(a.ID, r.ID), r.Extend
		}
	}
	if diff := cmp.Diff(map[string]string{"a": "#kit", "b": "C0123456789", "c": "#access", "d": ""}, channels); diff != "" {
		t.Error(diff)
	}
	after := catalog.Extend{MaxTimes: 3, Reapprove: catalog.ReapproveAfter, After: 90 * catalog.Day}
	once := catalog.Extend{MaxTimes: 1, Reapprove: catalog.ReapproveNever}
	want := map[string]catalog.Extend{"a": after, "b": {MaxTimes: 1, Reapprove: catalog.ReapproveAlways}, "c": once, "d": once}
	if diff := cmp.Diff(want, extend); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"#access", "#kit", "C0123456789"}, c.Catalog.Channels()); diff != "" {
		t.Error(diff)
	}
}

func TestDecidingIsConfiguredWrongly(t *testing.T) {
	wrong := strings.NewReplacer(`"#kit"`, `"the kit channel"`, "after 90d", "sometimes", "max_times: 3", "max_times: -1", "break_glass: 2h", "break_glass: forever").Replace(decidingApps)
	_, err := loadApps(t, wrong)
	if err == nil {
		t.Fatal("it was accepted")
	}
	for _, want := range []string{`"the kit channel" is not a channel`, `"sometimes" does not say when an extension is approved anew`, `write a whole number from 0 to 100`, "requests.break_glass can't be forever"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in\n%v", want, err)
		}
	}
}

func TestWhereDecisionsCount(t *testing.T) {
	small, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	load := func(decisions, assurance string) error {
		text := strings.Replace(string(small), "  project: IT", "  project: IT\n  decisions: "+decisions, 1)
		text = strings.Replace(text, "        name: Editor", "        name: Editor"+assurance, 1)
		_, err := Parse("config.yaml", []byte(text), func(string) (string, bool) { return "", false }, ofThisBuild())
		return err
	}
	for _, fine := range [][2]string{{"[jira]", ""}, {"[slack]", "\n        assurance: confirm"}, {"[slack, jira]", "\n        assurance: confirm"}} {
		if err := load(fine[0], fine[1]); err != nil {
			t.Errorf("%v: %v", fine, err)
		}
	}
	err = load("[jira]", "\n        assurance: confirm")
	want := "jira.decisions leaves slack out, but a yes to Figma · Editor is confirmed by typing, which only Slack can ask for: add slack, or take assurance: confirm from the role"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}
