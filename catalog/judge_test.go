package catalog_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/catalog"
)

var update = flag.Bool("update", false, "write the golden files anew")

func stage(approvers ...catalog.ApproverKind) catalog.Stage {
	var s catalog.Stage
	for _, k := range approvers {
		s.Approvers = append(s.Approvers, catalog.Approver{Kind: k})
	}
	return s
}

func routes() []catalog.Route {
	return []catalog.Route{
		{Name: "everyday"}, {Name: "manager", Stages: []catalog.Stage{stage(catalog.Manager)}},
		{Name: "production", Stages: []catalog.Stage{stage(catalog.Manager), stage(catalog.Owner)}, Distinct: true},
	}
}

const day, hour = catalog.Day, time.Hour

// judged is a catalogue with one app of several roles.
func judged(p catalog.Policy) *catalog.Catalog {
	month := catalog.Durations{Choices: []time.Duration{day, 30 * day, catalog.Forever}, Default: 30 * day}
	brief := catalog.Durations{Choices: []time.Duration{hour, 8 * hour}, Default: hour, Max: 8 * hour, Required: true}
	return catalog.New([]catalog.App{{ID: "app", Name: "App", Status: catalog.Approved, Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{
		{ID: "reader", Name: "Reader", Route: "everyday", Durations: month, Risk: catalog.Low},
		{ID: "writer", Name: "Writer", Route: "manager", Durations: month, Risk: catalog.Medium},
		{ID: "prod", Name: "Production", Route: "production", Durations: brief, Risk: catalog.High, Kind: catalog.Production},
	}}}, routes()).Under(p)
}

func persons() map[string]catalog.PersonAttributes {
	in, out := map[catalog.GroupRef]catalog.Truth{oncall(): catalog.Yes}, map[catalog.GroupRef]catalog.Truth{oncall(): catalog.No}
	return map[string]catalog.PersonAttributes{
		"employee":   {Department: "Engineering", Type: "Employee", Groups: out, ManagedBy: []string{"priya@acme.example"}},
		"on call":    {Department: "Engineering", Type: "Employee", Groups: in, ManagedBy: []string{"priya@acme.example"}},
		"contractor": {Department: "Engineering", Type: "Contractor", Groups: out, ManagedBy: []string{"priya@acme.example"}},
		"unknown":    {},
	}
}

func oncall() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "on-call"} }

func policies() map[string]catalog.Policy {
	rules := func(r ...catalog.Rule) catalog.Policy { return catalog.Policy{Rules: r} }
	contractor, prod := catalog.Condition{Types: []string{"Contractor"}}, catalog.Condition{Kinds: []catalog.Kind{catalog.Production}}
	return map[string]catalog.Policy{
		"none":        {},
		"contractors": {Contractors: catalog.Contractors{Types: []string{"Contractor"}, Max: 7 * day}},
		"risk":        {Max: map[catalog.Risk]time.Duration{catalog.Medium: 14 * day, catalog.High: 4 * hour}},
		"deny": rules(catalog.Rule{ID: "no-contractors", If: catalog.Condition{Kinds: prod.Kinds, Types: contractor.Types}, Then: catalog.Consequence{Deny: "Contractors don't get at production."}},
			catalog.Rule{ID: "on-call-alone", If: catalog.Condition{Groups: []catalog.GroupRef{oncall()}}, Then: catalog.Consequence{Approve: true}}),
		"hide":    rules(catalog.Rule{ID: "engineers-only", If: catalog.Condition{Roles: []catalog.RoleRef{{App: "app", Role: "prod"}}, When: not(catalog.Condition{Departments: []string{"Engineering"}})}, Then: catalog.Consequence{Hide: true}}),
		"approve": rules(catalog.Rule{ID: "short", If: catalog.Condition{Departments: []string{"Engineering"}, UpTo: day}, Then: catalog.Consequence{Approve: true}}),
		"route": rules(catalog.Rule{ID: "strangers", If: contractor, Then: catalog.Consequence{Route: "production"}},
			catalog.Rule{ID: "all", If: catalog.Condition{Risks: []catalog.Risk{catalog.Low}}, Then: catalog.Consequence{Route: "manager"}}),
		"stages": rules(catalog.Rule{ID: "it-too", If: contractor, Then: catalog.Consequence{Stages: []catalog.Stage{stage(catalog.Security)}, Max: 2 * day}}),
		"lifted": rules(catalog.Rule{ID: "on-call-alone", If: catalog.Condition{Groups: []catalog.GroupRef{oncall()}}, Then: catalog.Consequence{Route: "everyday"}}),
	}
}

// not is what an expression would be.
func not(c catalog.Condition) catalog.Expression {
	return catalog.Expression{Text: "not", Holds: func(a catalog.Attributes) (catalog.Truth, []string) {
		t, missing := c.Holds(a)
		return t.Not(), missing
	}}
}

// TestJudgements is the table of policy, person and role.
func TestJudgements(t *testing.T) {
	var out strings.Builder
	for _, name := range keys(policies()) {
		c := judged(policies()[name])
		fmt.Fprintf(&out, "policy %s\n", name)
		for _, who := range keys(persons()) {
			for _, r := range c.Apps()[0].Roles {
				j := c.Judge(catalog.Attributes{App: c.Apps()[0], Role: r, Person: persons()[who], Requester: persons()[who], Wanted: r.Durations.Default})
				fmt.Fprintf(&out, "  %-10s %-6s  %-12s %-22s %-20s %s\n", who, r.ID, j.Outcome, way(j), lengths(j.Durations), strings.TrimSpace(j.Sentence+" "+catalog.Says(j.Clauses)))
			}
		}
	}
	golden(t, "judgements.golden", out.String())
}

func way(j catalog.Judgement) string {
	var stages []string
	for _, s := range j.Route.Stages {
		for _, a := range s.Approvers {
			stages = append(stages, a.String())
		}
	}
	return strings.Join(stages, ">")
}

func lengths(d catalog.Durations) string {
	var out []string
	for _, c := range d.Choices {
		out = append(out, catalog.ShortDuration(c))
	}
	return strings.Join(out, ",") + " max " + catalog.ShortDuration(d.Max)
}

func keys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-want +got); if that is meant, run with -update:\n%s", name, diff)
	}
}

func drawTruths(t *rapid.T) catalog.Expression {
	truth := rapid.SampledFrom([]catalog.Truth{catalog.Unknown, catalog.No, catalog.Yes}).Draw(t, "truth")
	return expression(truth)
}

func drawRule(t *rapid.T) catalog.Rule {
	r := catalog.Rule{ID: "r", If: catalog.Condition{When: drawTruths(t)}}
	switch rapid.IntRange(0, 5).Draw(t, "then") {
	case 0:
		r.Then.Deny = "No."
	case 1:
		r.Then.Hide = true
	case 2:
		r.Then.Approve = true
	case 3:
		r.Then.Route = rapid.SampledFrom([]string{"everyday", "manager", "production", "nowhere"}).Draw(t, "route")
	case 4:
		r.Then.Stages = []catalog.Stage{stage(catalog.Security)}
	case 5:
		r.Then.Max = time.Duration(rapid.IntRange(1, 100).Draw(t, "days")) * day
	}
	return r
}

func drawRole(t *rapid.T) catalog.Role {
	r := catalog.Role{
		ID: "role", Risk: rapid.SampledFrom([]catalog.Risk{catalog.Low, catalog.Medium, catalog.High}).Draw(t, "risk"),
		Kind:      rapid.SampledFrom([]catalog.Kind{"", catalog.Admin, catalog.Production, catalog.Finance}).Draw(t, "kind"),
		Route:     rapid.SampledFrom([]string{"everyday", "manager", "nowhere"}).Draw(t, "own route"),
		Durations: catalog.Durations{Choices: []time.Duration{day, 200 * day, catalog.Forever}, Default: catalog.Forever},
	}
	if rapid.Bool().Draw(t, "accepted") {
		r.Accepted = "because"
	}
	return r
}

// Whatever the rules say: nobody gets a guarded role without a yes, or one of high risk without an end; a
// rule that may refuse refuses; nothing is let through by a rule that isn't known to hold.
func TestNoPolicyLetsThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := catalog.Policy{Rules: rapid.SliceOfN(rapid.Custom(drawRule), 0, 5).Draw(t, "rules")}
		if rapid.Bool().Draw(t, "limited") {
			p.Max = map[catalog.Risk]time.Duration{catalog.High: 5 * day}
		}
		c, role := judged(p), drawRole(t)
		a := catalog.Attributes{App: catalog.App{ID: "app"}, Role: role, Wanted: day}
		j := c.Judge(a)
		guarded := role.Risk == catalog.High || role.Kind != ""
		if j.Outcome == catalog.ApprovedAlone && guarded && role.Accepted == "" {
			t.Fatalf("approved alone: %+v", j)
		}
		if role.Risk == catalog.High && role.Accepted == "" && j.Durations.Allows(catalog.Forever) == nil {
			t.Fatalf("no end: %+v", j)
		}
		if most := p.Max[role.Risk]; most > 0 && j.Durations.Allows(most+1) == nil {
			t.Fatalf("longer than the limit: %+v", j)
		}
		if !slices.Contains(j.Durations.Choices, j.Durations.Default) {
			t.Fatalf("the default can't be chosen: %+v", j.Durations)
		}
		for _, one := range j.Durations.Choices {
			if j.Durations.Allows(one) != nil {
				t.Fatalf("a choice isn't allowed: %+v", j.Durations)
			}
		}
		strictly(t, c, a, p, j)
	})
}

// strictly holds a judgement against what each rule alone says.
func strictly(t *rapid.T, c *catalog.Catalog, a catalog.Attributes, p catalog.Policy, j catalog.Judgement) {
	alone := a.Role.Route == "everyday"
	for _, r := range p.Rules {
		truth, _ := r.If.Holds(a)
		alone = alone || truth == catalog.Yes && (r.Then.Approve || r.Then.Route == "everyday")
		switch {
		case truth == catalog.No:
		case r.Then.Refuses() && !j.Refused():
			t.Fatalf("rule %+v (%v) may refuse, and doesn't: %+v", r, truth, j)
		case r.Then.Max > 0 && (j.Durations.Max == catalog.Forever || j.Durations.Max > r.Then.Max):
			t.Fatalf("rule %+v (%v) bounds the time, and doesn't: %+v", r, truth, j)
		case len(r.Then.Stages) > 0 && j.Route.Automatic():
			t.Fatalf("rule %+v (%v) adds people, and nobody is asked: %+v", r, truth, j)
		}
	}
	if j.Outcome == catalog.ApprovedAlone && !alone {
		t.Fatalf("approved alone, though no rule holds for certain that says so: %+v", j)
	}
}
