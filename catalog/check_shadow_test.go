package catalog_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// A rule that changes nothing is a warning; one that may change something is none.
func TestRulesThatChangeNothing(t *testing.T) {
	sales := catalog.Condition{Departments: []string{"Sales"}}
	leads := catalog.Condition{Departments: []string{"sales"}, Titles: []string{"Lead"}}
	figma := catalog.Condition{Apps: []string{"figma"}}
	editor := catalog.Condition{Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}}
	long, longer := catalog.Condition{Over: catalog.Day}, catalog.Condition{Over: 2 * catalog.Day}
	brief, short := catalog.Condition{UpTo: catalog.Day}, catalog.Condition{UpTo: time.Hour}
	said := catalog.Condition{When: catalog.Expression{Text: "extends"}}
	route, approve := catalog.Consequence{Route: "manager"}, catalog.Consequence{Approve: true}
	deny, hide := catalog.Consequence{Deny: "No."}, catalog.Consequence{Hide: true}
	bound := func(d time.Duration) catalog.Consequence { return catalog.Consequence{Max: d} }
	for name, c := range map[string]struct {
		one, two      catalog.Condition
		first, second catalog.Consequence
		path, words   string
	}{
		"narrower, and later":               {sales, leads, route, approve, "policy.rules[1].then", `"a" (line 7) holds as well and decides first`},
		"a role of the app":                 {figma, editor, approve, route, "policy.rules[1].then.route", "decides first"},
		"narrower, and earlier":             {leads, sales, route, approve, "", ""},
		"another department":                {catalog.Condition{Departments: []string{"Design"}}, leads, route, approve, "", ""},
		"longer":                            {long, longer, route, route, "policy.rules[1].then.route", ""},
		"less long":                         {longer, long, route, route, "", ""},
		"shorter":                           {brief, short, route, route, "policy.rules[1].then.route", ""},
		"less short":                        {short, brief, route, route, "", ""},
		"the same expression":               {said, said, route, route, "policy.rules[1].then.route", ""},
		"an expression":                     {said, sales, route, route, "", ""},
		"stages add up":                     {sales, leads, route, catalog.Consequence{Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Security}}}}}, "", ""},
		"refused before":                    {sales, leads, deny, approve, "policy.rules[1].id", `"a" (line 7) holds as well and refuses`},
		"refused after":                     {leads, sales, bound(time.Hour), hide, "policy.rules[0].id", "and refuses"},
		"two sentences":                     {sales, leads, deny, deny, "policy.rules[1].id", ""},
		"two sentences, the narrower first": {leads, sales, deny, deny, "", ""},
		"hidden, and a sentence":            {leads, sales, deny, hide, "policy.rules[0].id", ""},
		"a sentence, and hidden":            {sales, leads, deny, hide, "", ""},
		"more than can be had":              {figma, sales, bound(30 * catalog.Day), catalog.Consequence{}, "policy.rules[0].then.max", "is held for 1d at most already"},
		"as much as can be had":             {figma, sales, bound(catalog.Day), catalog.Consequence{}, "", ""},
		"less than can be had":              {figma, sales, bound(time.Hour), catalog.Consequence{}, "", ""},
	} {
		app, manager := sound()
		app.Roles[0].Durations.Max = catalog.Day
		p := catalog.Policy{Contractors: catalog.Contractors{Types: []string{"Contractor"}, Max: catalog.Day}, Rules: []catalog.Rule{{ID: "a", Line: 7, If: c.one, Then: c.first}, {ID: "b", If: c.two, Then: c.second}}}
		warnings := catalog.New([]catalog.App{*app}, []catalog.Route{*manager}).Under(p).Warnings()
		if c.path == "" && len(warnings) > 0 || c.path != "" && (len(warnings) != 1 || warnings[0].Path != c.path || !strings.Contains(warnings[0].Problem, c.words)) {
			t.Errorf("%s: %+v, want one at %q", name, warnings, c.path)
		}
	}
}
