package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
)

func parsed(t *testing.T, words ...string) (out []catalog.Approver) {
	t.Helper()
	for _, word := range words {
		a, err := catalog.ParseApprover(word)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func TestSourcesAreWrittenAndReadBack(t *testing.T) {
	for text, want := range map[string]catalog.Approver{
		"manager-of-manager": {Kind: catalog.SecondManager}, "role": {Kind: catalog.RoleApprover},
		"slack:S0123ABCD": {Kind: catalog.SlackUserGroup, Name: "S0123ABCD"}, "oncall: platform-2": {Kind: catalog.OnCall, Name: "platform-2"},
	} {
		got, err := catalog.ParseApprover(text)
		if err != nil || got != want {
			t.Errorf("%q: got %+v (%v), want %+v", text, got, err, want)
		}
		if again, err := catalog.ParseApprover(got.String()); err != nil || again != got {
			t.Errorf("%q comes back from %q as %+v (%v)", text, got, again, err)
		}
	}
	for text, want := range map[string]string{
		"slack:@it-oncall": "not the id of a user group", "slack:": "not the id", "slack:U0123ABCD": "not the id", "oncall:": "can't be the name of a schedule", "oncall:Platform": "can't be the name", "managers": "is not an approver",
	} {
		if got, err := catalog.ParseApprover(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is taken for %+v (%v)", text, got, err)
		}
	}
}

func TestCheckOfSources(t *testing.T) {
	for name, c := range map[string]struct {
		asks, backups, named []string
		need                 catalog.Need
		path, want           string
	}{
		"fine":                   {asks: []string{"role", "oncall:platform"}, backups: []string{"slack:S0123ABCD", "manager-of-manager"}, named: []string{"omar@acme.example"}},
		"no such schedule":       {asks: []string{"oncall:plattform"}, path: "approvals.manager[0].approvers[0]", want: `did you mean "platform"?`},
		"back-up's schedule":     {asks: []string{"manager"}, backups: []string{"oncall:nights"}, path: "approvals.manager[0].backups[0]", want: "not under oncall"},
		"all, with back-ups":     {asks: []string{"slack:S0123ABCD"}, backups: []string{"owner"}, need: catalog.Need{All: true}, path: "approvals.manager[0].backups", want: "nobody can stand in"},
		"asked and back-up":      {asks: []string{"manager", "owner"}, backups: []string{"owner"}, path: "approvals.manager[0].backups[0]", want: "asks \"owner\" already"},
		"role names nobody":      {asks: []string{"role"}, path: "apps[0].roles[0].route", want: `"editor" names none`},
		"role names itself":      {asks: []string{"role"}, named: []string{"role"}, path: "apps[0].roles[0].approvers[0]", want: "can't be \"role\""},
		"role's schedule":        {asks: []string{"role"}, named: []string{"oncall:nights"}, path: "apps[0].roles[0].approvers[0]", want: "not under oncall"},
		"role is not asked":      {asks: []string{"manager"}, named: []string{"omar@acme.example"}, path: "apps[0].roles[0].approvers", want: "no stage of its route"},
		"two of the role's one":  {asks: []string{"role"}, named: []string{"omar@acme.example"}, need: catalog.Need{AtLeast: 2}, path: "apps[0].roles[0].route", want: "asks 1 at most"},
		"two of one and back-up": {asks: []string{"manager"}, backups: []string{"manager-of-manager"}, need: catalog.Need{AtLeast: 2}},
		"two of a user group":    {asks: []string{"slack:S0123ABCD"}, need: catalog.Need{AtLeast: 2}},
		"two of manager twice":   {asks: []string{"manager"}, need: catalog.Need{AtLeast: 2}, path: "approvals.manager[0].need", want: "asks 1 at most"},
	} {
		app, route := sound()
		route.Stages[0] = catalog.Stage{Approvers: parsed(t, c.asks...), Backups: parsed(t, c.backups...), Need: c.need}
		app.Roles[0].Approvers = parsed(t, c.named...)
		known := facts()
		known.OnCall = []string{"platform"}
		faults := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(known)
		if c.want == "" && len(faults) > 0 || c.want != "" && (len(faults) != 1 || faults[0].Path != c.path || !strings.Contains(faults[0].Problem, c.want)) {
			t.Errorf("%s: got %+v, want %s: …%s…", name, faults, c.path, c.want)
		}
	}
}

func TestBackupsMayDecideAndAreNotAsked(t *testing.T) {
	r := catalog.Route{Stages: []catalog.Stage{{Approvers: parsed(t, "manager"), Backups: parsed(t, "owner")}, {Approvers: parsed(t, "admins")}}}
	if got, want := r.Deciders(), parsed(t, "manager", "admins", "owner"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := r.Sources(), parsed(t, "manager", "admins"); !slices.Equal(got, want) {
		t.Errorf("who is asked: %v, want %v", got, want)
	}
}

func TestAUserGroupThatDecidesOnMuchIsWarnedOf(t *testing.T) {
	app, route := sound()
	role := &app.Roles[0]
	warned := func() bool {
		return slices.ContainsFunc(catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Warnings(), func(f catalog.Fault) bool {
			return f.Path == "apps[0].roles[0].route" && strings.Contains(f.Problem, "every member may change those")
		})
	}
	role.Risk = catalog.High
	for _, c := range []struct {
		stage catalog.Stage
		named []catalog.Approver
		want  bool
	}{
		{catalog.Stage{Approvers: parsed(t, "manager")}, nil, false}, {catalog.Stage{Approvers: parsed(t, "slack:S0123ABCD")}, nil, true},
		{catalog.Stage{Approvers: parsed(t, "manager"), Backups: parsed(t, "slack:S0123ABCD")}, nil, true}, {catalog.Stage{Approvers: parsed(t, "role")}, parsed(t, "slack:S0123ABCD"), true},
	} {
		route.Stages[0], role.Approvers = c.stage, c.named
		if got := warned(); got != c.want {
			t.Errorf("%+v: warned %v", c.stage, got)
		}
	}
	role.Accepted = "only admins change user groups here"
	if all := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Warnings(); warned() || slices.ContainsFunc(all, func(f catalog.Fault) bool { return strings.Contains(f.Problem, "nothing to accept") }) {
		t.Errorf("it was accepted, with a reason: %+v", all)
	}
	role.Accepted, role.Risk = "", catalog.Low
	if warned() {
		t.Error("a role of low risk")
	}
}

func expectOne(t *testing.T, c *catalog.Catalog, path, want string) {
	t.Helper()
	if faults := c.Check(facts()); len(faults) != 1 || faults[0].Path != path || !strings.Contains(faults[0].Problem, want) {
		t.Errorf("got %+v, want %s: …%s…", faults, path, want)
	}
}
