package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"

	"github.com/google/go-cmp/cmp"
)

func exampleConfig(t *testing.T, vars map[string]string) *Config {
	t.Helper()
	c, err := LoadConfig("config.yaml", lookup(vars))
	if err != nil {
		t.Fatalf("the example has faults:\n%v", err)
	}
	return c
}

func TestExampleLoadsWithAndWithoutTokens(t *testing.T) {
	if c := exampleConfig(t, tokens()); len(c.MissingSecrets) != 0 {
		t.Errorf("with tokens, missing are %+v", c.MissingSecrets)
	}
	c := exampleConfig(t, nil)
	var missing []string
	for _, m := range c.MissingSecrets {
		missing = append(missing, strings.Fields(m.Problem)[0])
	}
	want := []string{"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "JIRA_TOKEN", "OKTA_TOKEN"}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

func TestExampleCatalogueIsWorthTrying(t *testing.T) {
	c := exampleConfig(t, nil)
	roles, byStatus := 0, map[catalog.Status]int{}
	for _, a := range c.Catalog.Apps() {
		roles += len(a.Roles)
		byStatus[a.Status]++
	}
	if n := len(c.Catalog.Offered()); n < 18 {
		t.Errorf("%d apps are offered, want 18 or more", n)
	}
	if got := c.Catalog.Categories(); len(got) < 7 {
		t.Errorf("categories are %v, want 7 or more", got)
	}
	if roles < 42 {
		t.Errorf("there are %d roles, want 42 or more", roles)
	}
	if byStatus[catalog.Retired] != 1 || byStatus[catalog.Unassigned] != 1 {
		t.Errorf("statuses are %v, want one retired and one unassigned", byStatus)
	}
}

func TestExampleRoles(t *testing.T) {
	c := exampleConfig(t, nil)
	hour := time.Hour
	for _, want := range []struct {
		app, role, route string
		durations        catalog.Durations
	}{
		{"figma", "editor", "manager", catalog.Durations{Choices: []time.Duration{6 * hour, 30 * catalog.Day, 90 * catalog.Day}, Default: 30 * catalog.Day, Max: 180 * catalog.Day}},
		{"proddb", "readwrite", "production", catalog.Durations{Choices: []time.Duration{hour, 4 * hour, 8 * hour}, Default: hour, Max: 8 * hour, Required: true}},
		{"miro", "member", "everyday", catalog.Durations{Choices: []time.Duration{catalog.Forever}}},
	} {
		_, role, ok := c.Catalog.Role(want.app, want.role)
		if !ok || role.Route != want.route {
			t.Errorf("%s %s: found %t, route %q, want %q", want.app, want.role, ok, role.Route, want.route)
		}
		if diff := cmp.Diff(want.durations, role.Durations); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", want.app, want.role, diff)
		}
	}
	db, role, _ := c.Catalog.Role("proddb", "readonly")
	if role.Risk != catalog.High || role.Assurance != catalog.Confirm || !role.BreakGlass || !slices.Equal(db.Owners, []string{"priya@acme.example"}) {
		t.Errorf("proddb readonly is %+v", role)
	}
	shop, _ := c.Catalog.App("pixelshop")
	if shop.Provisioning != catalog.Manual || !slices.Equal(shop.Fulfillers(), []string{"ines@acme.example"}) {
		t.Errorf("pixelshop is %+v", shop)
	}
}

// Everybody the example names is one of the people the demo knows.
func TestExampleNamesOnlyPeopleOfTheDemo(t *testing.T) {
	known := []string{"maya", "noor", "ines", "tom", "priya", "sam", "lena", "omar", "grace"}
	c := exampleConfig(t, nil)
	named := slices.Concat(c.People.Admins, c.People.Fallback)
	for _, a := range c.Catalog.Apps() {
		named = slices.Concat(named, a.Owners, a.FulfilledBy)
	}
	for _, who := range named {
		if name, ok := strings.CutSuffix(who, "@acme.example"); !ok || !slices.Contains(known, name) {
			t.Errorf("%s is nobody in the demo", who)
		}
	}
}
