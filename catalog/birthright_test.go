package catalog_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// kit is a catalogue of one app whose roles are of different sorts, with a policy.
func kit(rules ...catalog.Rule) *catalog.Catalog {
	group := func(name string) []catalog.GroupRef { return []catalog.GroupRef{{Directory: "okta", Group: name}} }
	forever := catalog.Durations{Choices: []time.Duration{catalog.Forever}}
	app := catalog.App{ID: "kit", Name: "Kit", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{
		{ID: "viewer", Name: "Viewer", Groups: group("v"), Route: "manager", Risk: catalog.Low, Durations: forever},
		{ID: "team", Name: "Team", Groups: group("t"), Route: "manager", Risk: catalog.Low, Durations: forever, For: catalog.Audience{Departments: []string{"Design"}}},
		{ID: "admin", Name: "Admin", Groups: group("a"), Route: "manager", Risk: catalog.Low, Kind: catalog.Admin, Durations: forever, Accepted: "small"},
		{ID: "risky", Name: "Risky", Groups: group("r"), Route: "manager", Risk: catalog.High, Durations: forever, Accepted: "small"},
		{ID: "typed", Name: "Typed", Groups: group("y"), Route: "manager", Risk: catalog.Low, Assurance: catalog.Confirm, Durations: forever},
		{ID: "signed", Name: "Signed", Groups: group("s"), Route: "manager", Risk: catalog.Low, Assurance: catalog.StepUp, Durations: forever},
		{ID: "secret", Name: "Secret", Groups: group("secret"), Route: "manager", Risk: catalog.Low, Durations: forever},
		{ID: "medium", Name: "Medium", Groups: group("m"), Route: "manager", Risk: catalog.Medium, Durations: catalog.Durations{Choices: []time.Duration{catalog.Day}, Default: catalog.Day, Max: catalog.Day}},
		{ID: "second", Name: "Second", Groups: group("2"), Route: "manager", Risk: catalog.Low, Durations: forever, Needs: []catalog.Holding{{App: "kit", Role: "viewer"}}},
	}}
	manual := catalog.App{ID: "hand", Name: "Hand", Status: catalog.Approved, Provisioning: catalog.Manual, Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{{ID: "user", Name: "User", Route: "manager", Risk: catalog.Low, Durations: forever}}}
	gone := catalog.App{ID: "gone", Name: "Gone", Status: catalog.Retired, Provisioning: catalog.ByDirectory, Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{{ID: "user", Name: "User", Groups: group("g"), Route: "manager", Risk: catalog.Low, Durations: forever}}}
	return catalog.New([]catalog.App{app, manual, gone}, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}}}}).
		Under(catalog.Policy{Rules: rules, Max: map[catalog.Risk]time.Duration{catalog.Medium: 30 * catalog.Day}, Privileged: group("secret"), Contractors: catalog.Contractors{Types: []string{"Contractor"}, Max: 90 * catalog.Day}})
}

func birthright(roles ...string) catalog.Birthrights {
	b := catalog.Birthright{ID: "design", If: catalog.Condition{Departments: []string{"Design"}}}
	for _, r := range roles {
		app, role, _ := strings.Cut(r, "/")
		b.Roles = append(b.Roles, catalog.RoleRef{App: app, Role: role})
	}
	return catalog.Birthrights{Rules: []catalog.Birthright{b}}
}

// TestBirthrightsThatCantBe: what nobody is given without a yes, or what can't come by itself, is a fault with its place.
func TestBirthrightsThatCantBe(t *testing.T) {
	facts := catalog.Facts{Directories: []string{"okta"}, SignsIn: true}
	before := len(kit().Check(facts))
	for role, want := range map[string]string{
		"kit/viewer": "", "kit/team": "",
		"kit/admin": "an admin role", "kit/risky": "high risk", "kit/typed": "assurance: confirm", "kit/signed": "sign in", "kit/secret": "privileged group",
		"kit/medium": "held for 30d at most", "kit/second": "needs another role first", "hand/user": "by hand", "gone/user": "isn't offered", "kit/vewer": `did you mean "kit/viewer"`,
	} {
		faults := kit().WithBirthrights(birthright(role)).Check(facts)[before:]
		switch {
		case want == "" && len(faults) > 0:
			t.Errorf("%s: %v", role, faults)
		case want != "" && (len(faults) == 0 || !strings.Contains(faults[0].Problem, want) || faults[0].Path != "birthrights[0].roles[0]"):
			t.Errorf("%s: %v, want %q", role, faults, want)
		}
	}
	for name, c := range map[string]struct {
		change func(*catalog.Birthrights)
		path   string
	}{
		"nothing":   {func(b *catalog.Birthrights) { b.Rules[0].Roles = nil }, "birthrights[0].roles"},
		"everybody": {func(b *catalog.Birthrights) { b.Rules[0].If = catalog.Condition{} }, "birthrights[0]"},
		"no id":     {func(b *catalog.Birthrights) { b.Rules[0].ID = "" }, "birthrights[0].id"},
		"twice":     {func(b *catalog.Birthrights) { b.Rules = append(b.Rules, b.Rules[0]) }, "birthrights[1].id"},
		"a role":    {func(b *catalog.Birthrights) { b.Rules[0].Roles = append(b.Rules[0].Roles, b.Rules[0].Roles[0]) }, "birthrights[0].roles[1]"},
		"a directory": {func(b *catalog.Birthrights) {
			b.Rules[0].If.Groups = []catalog.GroupRef{{Directory: "entra", Group: "x"}}
		}, "birthrights[0].who.groups[0]"},
		"peers": {func(b *catalog.Birthrights) {
			b.Rules[0].If.When = catalog.Expression{Text: "peers.share > 0.5", Peers: true}
		}, "birthrights[0].when"},
	} {
		b := birthright("kit/viewer")
		c.change(&b)
		faults := kit().WithBirthrights(b).Check(facts)[before:]
		if len(faults) == 0 || faults[0].Path != c.path {
			t.Errorf("%s: %v, want one at %s", name, faults, c.path)
		}
	}
}

// TestEntitled: three truths, and the policy goes before.
func TestEntitled(t *testing.T) {
	deny := catalog.Rule{ID: "no-interns", If: catalog.Condition{Titles: []string{"Intern"}}, Then: catalog.Consequence{Deny: "Not for interns."}}
	hide := catalog.Rule{ID: "not-there", If: catalog.Condition{Locations: []string{"Mars"}}, Then: catalog.Consequence{Hide: true}}
	person := func(department, title, kind, location string) catalog.PersonAttributes {
		return catalog.PersonAttributes{Department: department, Title: title, Type: kind, Location: location}
	}
	for name, c := range map[string]struct {
		person catalog.PersonAttributes
		role   string
		want   catalog.Truth
		long   time.Duration
	}{
		"whom it is about":                    {person("Design", "Artist", "Employee", "Rome"), "viewer", catalog.Yes, 0},
		"in other letters":                    {person("DESIGN", "Artist", "Employee", "Rome"), "viewer", catalog.Yes, 0},
		"somebody else":                       {person("Sales", "Artist", "Employee", "Rome"), "viewer", catalog.No, 0},
		"no department is known":              {person("", "Artist", "Employee", "Rome"), "viewer", catalog.Unknown, 0},
		"denied":                              {person("Design", "Intern", "Employee", "Rome"), "viewer", catalog.No, 0},
		"whether it is denied isn't known":    {person("Design", "", "Employee", "Rome"), "viewer", catalog.Unknown, 0},
		"denied, or hidden, isn't known":      {person("Design", "Artist", "Employee", ""), "viewer", catalog.Unknown, 0},
		"hidden":                              {person("Design", "Artist", "Employee", "Mars"), "viewer", catalog.No, 0},
		"a contractor's ends":                 {person("Design", "Artist", "Contractor", "Rome"), "viewer", catalog.Yes, 90 * catalog.Day},
		"whether they are one isn't known":    {person("Design", "Artist", "", "Rome"), "viewer", catalog.Unknown, 0},
		"who may ask for it":                  {person("Design", "Artist", "Employee", "Rome"), "team", catalog.Yes, 0},
		"somebody else, whatever isn't known": {person("Sales", "", "", ""), "viewer", catalog.No, 0},
	} {
		k := kit(deny, hide).WithBirthrights(birthright("kit/" + c.role))
		got := k.Entitled(func([]string) bool { return false }, func(catalog.RoleRef) catalog.Attributes {
			return catalog.Attributes{Person: c.person, Requester: c.person}
		})
		if len(got) != 1 || got[0].Truth != c.want || got[0].For != c.long && c.want == catalog.Yes {
			t.Errorf("%s: %+v, want %s for %v", name, got, c.want, c.long)
		}
		if c.want == catalog.Unknown && len(got[0].Missing) == 0 {
			t.Errorf("%s: it isn't said what would have to be known", name)
		}
	}
	all := birthright("kit/team")
	all.Rules[0].If = catalog.Condition{When: catalog.Expression{Text: "true", Holds: func(catalog.Attributes) (catalog.Truth, []string) { return catalog.Yes, nil }}}
	p := person("Sales", "Artist", "Employee", "Rome")
	got := kit().WithBirthrights(all).Entitled(func([]string) bool { return false }, func(catalog.RoleRef) catalog.Attributes { return catalog.Attributes{Person: p, Requester: p} })
	if got[0].Truth != catalog.No {
		t.Errorf("a role goes to whoever couldn't ask for it: %+v", got)
	}
}

func TestBrake(t *testing.T) {
	b := catalog.Brake{People: 10, Percent: 20}
	for _, c := range []struct {
		people, lose, have int
		want               bool
	}{
		{10, 0, 0, false}, {11, 0, 0, true}, {1, 1, 1, false}, {2, 2, 3, false}, {3, 3, 15, false}, {3, 3, 14, true}, {0, 0, 0, false},
	} {
		if got := b.Holds(c.people, c.lose, c.have); got != c.want {
			t.Errorf("%d people, %d of %d lose it: %v", c.people, c.lose, c.have, got)
		}
	}
	if (catalog.Brake{}).Holds(1000, 1000, 1000) {
		t.Error("without bounds it holds")
	}
}
