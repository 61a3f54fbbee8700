package catalog_test

import (
	"testing"
	"time"

	"latchkey/catalog"
)

// Whether it matters for how long something is asked for is told by the rules and stages that are about it.
func TestWhatDependsOnTheLength(t *testing.T) {
	ref := catalog.RoleRef{App: "figma", Role: "editor"}
	about, other := []catalog.RoleRef{ref}, []string{"notion"}
	for name, c := range map[string]struct {
		rule, stage catalog.Condition
		want        bool
	}{
		"nothing":                  {want: false},
		"a rule for long":          {rule: catalog.Condition{Roles: about, Over: time.Hour}, want: true},
		"a rule for short":         {rule: catalog.Condition{UpTo: time.Hour}, want: true},
		"an expression":            {rule: catalog.Condition{When: catalog.Expression{Text: "permanent", Length: true}}, want: true},
		"of something else":        {rule: catalog.Condition{Departments: []string{"Sales"}}, want: false},
		"about something else":     {rule: catalog.Condition{Apps: other, Over: time.Hour}, want: false},
		"a stage for long":         {stage: catalog.Condition{Over: time.Hour}, want: true},
		"a stage for another app":  {stage: catalog.Condition{Apps: other, Over: time.Hour}, want: false},
		"a stage, and not by time": {stage: catalog.Condition{Roles: about}, want: false},
	} {
		list := catalog.New(
			[]catalog.App{{ID: "figma", Roles: []catalog.Role{{ID: "editor", Route: "manager"}}}},
			[]catalog.Route{{Name: "manager", Stages: []catalog.Stage{{If: c.stage}}}},
		).Under(catalog.Policy{Rules: []catalog.Rule{{ID: "one", If: c.rule}}})
		if got := list.ByLength(ref); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if list.ByLength(catalog.RoleRef{App: "figma", Role: "admin"}) {
			t.Errorf("%s: of a role that there isn't", name)
		}
	}
}
