package config

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsDifferentBesideTheCatalogue(t *testing.T) {
	source := exampleSource(t)
	for name, c := range map[string]struct {
		old, now string
		want     []string
	}{
		"nothing":        {"", "", nil},
		"a comment":      {"# Latchkey's configuration", "# The configuration", nil},
		"the catalogue":  {"description: Draw and publish.,", "description: Draw.,", nil},
		"a policy":       {"types: [Contractor], max: 90d", "types: [Contractor], max: 60d", nil},
		"admins":         {"admins: [ines@acme.example] ", "admins: [omar@acme.example] ", []string{"people.admins"}},
		"a zone":         {"Europe/Berlin", "Europe/Paris", []string{"schedules"}},
		"a token's name": {"token: ${OKTA_TOKEN}", "token: abcdefgh12345678", []string{"idp"}},
		"an address":     {"url: https://acme.okta.com", "url: https://other.okta.com", []string{"idp"}},
		"a schedule":     {"# oncall:\n#   platform: {file: oncall.yaml}", "oncall:\n  platform: {file: oncall.yaml}", []string{"oncall"}},
		"times":          {"break_glass: 4h", "break_glass: 2h", []string{"requests"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.old != "" && strings.Count(source, c.old) != 1 {
				t.Fatalf("%q stands %d times", c.old, strings.Count(source, c.old))
			}
			before, after := parsed(t, source), parsed(t, strings.Replace(source, c.old, c.now, 1))
			if got := before.Beside(after); !slices.Equal(got, c.want) {
				t.Errorf("%v", got)
			}
		})
	}
}

func TestACatalogueThatNeedsMoreThanRunsIsUnfit(t *testing.T) {
	source := exampleSource(t)
	started := parsed(t, source)
	more := strings.NewReplacer("# oncall:\n#   platform: {file: oncall.yaml}", "oncall:\n  platform: {file: oncall.yaml}", "  it: [admins]\n", "  it: [admins]\n  night: [\"oncall:platform\"]\n").Replace(source)
	if err := started.Unfit(parsed(t, more)); err == nil || !strings.Contains(err.Error(), "platform") || !strings.Contains(err.Error(), "started again") {
		t.Errorf("%v", err)
	}
	if err := started.Unfit(parsed(t, strings.Replace(source, "types: [Contractor], max: 90d", "types: [Contractor], max: 60d", 1))); err != nil {
		t.Errorf("what runs is enough: %v", err)
	}
	signs := strings.Replace(source, "# sign_in_client: 0oademosignin0000d697", "sign_in_client: 0oademosignin0000d697", 1)
	if err := started.Unfit(parsed(t, signs)); err == nil || !strings.Contains(err.Error(), "sign_in_client") {
		t.Errorf("%v", err)
	}
}

func exampleSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func parsed(t *testing.T, source string) *Config {
	t.Helper()
	c, err := loadText(t, source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEverySectionIsCompared: what a reload can't take up is named, whatever comes later.
func TestEverySectionIsCompared(t *testing.T) {
	compared := []string{"Slack", "Jira", "IDP", "Store", "People", "Protected", "Limits", "Requests", "OnCall", "SignIn", "Reconcile", "Schedules", "Evidence", "Metrics", "Log"}
	apart := []string{"Path", "Catalog", "Secrets", "MissingSecrets", "Warnings"}
	for f := range reflect.TypeFor[Config]().Fields() {
		if !slices.Contains(compared, f.Name) && !slices.Contains(apart, f.Name) {
			t.Errorf("%s is new: have Config.Beside compare it, or say here why it doesn't", f.Name)
		}
	}
}
