package catalog_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

func facts() catalog.Facts {
	return catalog.Facts{
		Directories: []string{"okta"}, Admins: []string{"ines@acme.example"},
		Protected: []catalog.GroupRef{group("okta-admins")},
	}
}

// sound is a catalogue without faults, for tests to spoil.
func sound() (*catalog.App, *catalog.Route) {
	app := catalog.App{
		ID: "figma", Name: "Figma", Owners: []string{"noor@acme.example"}, Status: catalog.Approved, Provisioning: catalog.ByDirectory,
		Roles: []catalog.Role{{
			ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{group("figma-editors")}, Route: "manager", Risk: catalog.Low,
			Durations: catalog.Durations{Choices: []time.Duration{time.Hour, catalog.Day}, Default: time.Hour, Max: catalog.Day},
		}},
	}
	route := catalog.Route{Name: "manager", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}}}
	return &app, &route
}

func TestCheckFindsNothingInASoundCatalogue(t *testing.T) {
	app, route := sound()
	if faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts()); len(faults) != 0 {
		t.Errorf("got %+v", faults)
	}
}

func TestCheckFindsEachFault(t *testing.T) {
	owner := catalog.Approver{Kind: catalog.Owner}
	for _, c := range []struct {
		name  string
		spoil func(a *catalog.App, r *catalog.Role, w *catalog.Route)
		path  string
		want  string
	}{
		{"no id", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.ID = "" }, "apps[0].id", "an id is missing"},
		{"bad id", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.ID = "Fig ma" }, "apps[0].id", `"Fig ma" is not an id`},
		{"long id", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.ID = strings.Repeat("x", 61) }, "apps[0].id", "1 to 60"},
		{"no name", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.Name = " " }, "apps[0].name", "has no name"},
		{"status", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.Status = "x" }, "apps[0].status", "not a status"},
		{"provisioning", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.Provisioning = "x" }, "apps[0].provisioning", "not a way to provision"},
		{"owner", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.Owners = []string{"noor"} }, "apps[0].owners[0]", "not an e-mail"},
		{"no roles", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.Roles = nil }, "apps[0].roles", "has no roles"},
		{"manual, by nobody", func(a *catalog.App, r *catalog.Role, _ *catalog.Route) {
			a.Provisioning, a.Owners, r.Groups = catalog.Manual, nil, nil
		}, "apps[0].fulfillers", "nobody is named"},
		{"manual, with groups", func(a *catalog.App, _ *catalog.Role, _ *catalog.Route) { a.Provisioning = catalog.Manual }, "apps[0].roles[0].groups", "would never be used"},
		{"role without name", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Name = "" }, "apps[0].roles[0].name", "has no name"},
		{"role without groups", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Groups = nil }, "apps[0].roles[0].groups", "opens no group"},
		{"unknown directory", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Groups[0].Directory = "otka" }, "apps[0].roles[0].groups[0]", `did you mean "okta"?`},
		{"protected group", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Groups[0] = group("okta-admins") }, "apps[0].roles[0].groups[0]", "protected_groups"},
		{"risk", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Risk = "x" }, "apps[0].roles[0].risk", "not a risk"},
		{"assurance", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Assurance = "x" }, "apps[0].roles[0].assurance", "not an assurance"},
		{"no route", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Route = "" }, "apps[0].roles[0].route", "add route, one of manager"},
		{"unknown route", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Route = "manger" }, "apps[0].roles[0].route", `did you mean "manager"?`},
		{"owner route, no owner", func(a *catalog.App, _ *catalog.Role, w *catalog.Route) {
			a.Owners, w.Stages[0].Approvers[0] = nil, owner
		}, "apps[0].roles[0].route", "has no owners"},
		{"all of owner and others, no owner", func(a *catalog.App, _ *catalog.Role, w *catalog.Route) {
			a.Owners, w.Stages[0] = nil, catalog.Stage{Approvers: append(w.Stages[0].Approvers, owner), Need: catalog.Need{All: true}}
		}, "apps[0].roles[0].route", "has no owners"},
		{"empty stage", func(_ *catalog.App, _ *catalog.Role, w *catalog.Route) { w.Stages[0].Approvers = nil }, "approvals.manager[0].approvers", "asks nobody"},
		{"rule", func(_ *catalog.App, _ *catalog.Role, w *catalog.Route) { w.Stages[0].Need.AtLeast = -1 }, "approvals.manager[0].need", "not a rule"},
		{"two of one manager", func(_ *catalog.App, _ *catalog.Role, w *catalog.Route) { w.Stages[0].Need.AtLeast = 2 }, "approvals.manager[0].need", "needs 2 people to agree, but it asks 1 at most"},
		{"two of one admin twice", func(_ *catalog.App, _ *catalog.Role, w *catalog.Route) {
			w.Stages[0] = catalog.Stage{Approvers: []catalog.Approver{{Kind: catalog.Security}, {Kind: catalog.Named, Person: "ines@acme.example"}}, Need: catalog.Need{AtLeast: 2}}
		}, "approvals.manager[0].need", "it asks 1 at most"},
		{"two of one owner", func(_ *catalog.App, _ *catalog.Role, w *catalog.Route) {
			w.Stages[0] = catalog.Stage{Approvers: []catalog.Approver{owner}, Need: catalog.Need{AtLeast: 2}}
		}, "apps[0].roles[0].route", `needs 2 people to agree, but for "figma/editor" it asks 1 at most`},
		{"approver's directory", func(_ *catalog.App, _ *catalog.Role, w *catalog.Route) {
			w.Stages[0].Approvers[0] = catalog.Approver{Kind: catalog.GroupOf, Group: catalog.GroupRef{Directory: "x", Group: "y"}}
		}, "approvals.manager[0].approvers[0]", "not under idp"},
		{"negative", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Durations.Max = -1 }, "apps[0].roles[0].duration", "negative"},
		{"no choices", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Durations.Choices = nil }, "apps[0].roles[0].duration.choices", "no duration can be chosen"},
		{"default", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Durations.Default = 2 * time.Hour }, "apps[0].roles[0].duration.default", "not among the choices"},
		{"over max", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Durations.Max = 2 * time.Hour }, "apps[0].roles[0].duration.choices.1d", "longer than max 2h"},
		{"no end", func(_ *catalog.App, r *catalog.Role, _ *catalog.Route) { r.Durations.Choices[1] = catalog.Forever }, "apps[0].roles[0].duration.choices.forever", "has no end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			app, route := sound()
			role := &app.Roles[0]
			c.spoil(app, role, route)
			faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts())
			if len(faults) != 1 || faults[0].Path != c.path || !strings.Contains(faults[0].Problem, c.want) {
				t.Errorf("got %+v, want %s: …%s…", faults, c.path, c.want)
			}
		})
	}
}

func TestCheckFindsDoubles(t *testing.T) {
	app, route := sound()
	app.Roles = append(app.Roles, app.Roles[0])
	faults := catalog.New([]catalog.App{*app, *app}, []catalog.Route{*route}).Check(facts())
	var paths []string
	for _, f := range faults {
		paths = append(paths, f.Path)
	}
	if got := strings.Join(paths, " "); got != "apps[0].roles[1].id apps[1].id apps[1].roles[1].id" {
		t.Errorf("got %s", got)
	}
}

func TestCheckAcceptsAStageThatOthersCanAnswer(t *testing.T) {
	app, route := sound()
	app.Owners = nil
	route.Stages[0].Approvers = append(route.Stages[0].Approvers, catalog.Approver{Kind: catalog.Owner})
	if faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts()); len(faults) != 0 {
		t.Errorf("got %+v", faults)
	}
}

func TestCheckAcceptsANeedThatCanBeMet(t *testing.T) {
	for name, stage := range map[string]catalog.Stage{
		"manager and owner": {Approvers: []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}, Need: catalog.Need{AtLeast: 2}},
		"a group":           {Approvers: []catalog.Approver{{Kind: catalog.GroupOf, Group: group("security")}}, Need: catalog.Need{AtLeast: 5}},
		"one of one":        {Approvers: []catalog.Approver{{Kind: catalog.Owner}}, Need: catalog.Need{AtLeast: 1}},
	} {
		app, route := sound()
		route.Stages[0] = stage
		if faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts()); len(faults) != 0 {
			t.Errorf("%s: got %+v", name, faults)
		}
	}
}

func TestCheckWantsAdminsWhereTheyAreAsked(t *testing.T) {
	app, route := sound()
	route.Stages[0].Approvers[0].Kind = catalog.Security
	faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(catalog.Facts{Directories: []string{"okta"}})
	if len(faults) != 1 || !strings.Contains(faults[0].Problem, "people.admins is empty") {
		t.Errorf("got %+v", faults)
	}
}
