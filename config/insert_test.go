package config_test

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/config"
)

func TestAppsAndRolesArePutInAndNothingElseChanges(t *testing.T) {
	item := func(indent int) string { return strings.Repeat(" ", indent) + "- new\n" }
	for name, c := range map[string]struct{ before, app, after, fault string }{
		"at the head":      {"a: 1\napps: # all\n  # the first\n  - x\nb: 2\n", "", "a: 1\napps: # all\n  - new\n  # the first\n  - x\nb: 2\n", ""},
		"without indent":   {"apps:\n- x", "", "apps:\n- new\n- x", ""},
		"far to the right": {"apps:\n      - x\n", "", "apps:\n      - new\n      - x\n", ""},
		"a new list":       {"a: 1\n", "", "a: 1\n\napps:\n  - new\n", ""},
		"an empty key":     {"apps:", "", "apps:\n  - new\n", ""},
		"none yet":         {"a: 1\napps: [] # none yet\nb: 2\n", "", "a: 1\napps: # none yet\n  - new\nb: 2\n", ""},
		"in brackets":      {"apps: [x]\n", "", "", "line 1: the list under apps stands in brackets"},
		"no list":          {"apps: {x: 1}\n", "", "", "apps is no list"},
		"no keys":          {"- x\n", "", "", "no keys in lines of their own"},
		"no YAML":          {"a: [\n", "", "", "not YAML"},
		"roles":            {"apps:\n  - id: a\n    roles:\n      - {id: r}\n  - id: b\n    roles:\n      - {id: s}\n", "b", "apps:\n  - id: a\n    roles:\n      - {id: r}\n  - id: b\n    roles:\n      - new\n      - {id: s}\n", ""},
		"roles of nobody":  {"apps:\n  - id: a\n    roles:\n      - {id: r}\n", "c", "", "the app c has no roles in lines of their own"},
		"roles aside":      {"apps:\n  - {id: a, roles: [{id: r}]}\n", "a", "", "stands in brackets"},
		"an app in a row":  {"a: 1\n", "a", "", "has no roles in lines of their own"},
	} {
		insert := config.InsertApps
		if c.app != "" {
			insert = func(source []byte, items func(int) string) ([]byte, error) {
				return config.InsertRoles(source, c.app, items)
			}
		}
		got, err := insert([]byte(c.before), item)
		if string(got) != c.after || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v; want %q, %q", name, got, err, c.after, c.fault)
		}
	}
}

// TestAFileThatIsBegunMayHaveNoApps: but whatever else is wrong with it is.
func TestAFileThatIsBegunMayHaveNoApps(t *testing.T) {
	for text, fault := range map[string]string{"apps: []\n": "slack", "apps: 3\n": "apps"} {
		_, err := config.ParseBegun("c.yaml", []byte(text), func(string) (string, bool) { return "", false }, config.Backends{})
		if err == nil || !strings.Contains(err.Error(), fault) || strings.Contains(err.Error(), "apps is empty") {
			t.Errorf("%q: %v", text, err)
		}
	}
	_, err := config.Parse("c.yaml", []byte("apps: []\n"), func(string) (string, bool) { return "", false }, config.Backends{})
	if err == nil || !strings.Contains(fmt.Sprint(err), "apps is empty") {
		t.Errorf("a finished one: %v", err)
	}
}
