package catalog_test

import (
	"strings"
	"testing"

	"latchkey/catalog"
)

// Different people in each stage are possible where those who are named can be dealt out among the stages.
func TestDistinctStagesNeedEnoughPeople(t *testing.T) {
	of := func(sources ...string) (s catalog.Stage) {
		for _, text := range sources {
			a, err := catalog.ParseApprover(text)
			if err != nil {
				t.Fatal(err)
			}
			s.Approvers = append(s.Approvers, a)
		}
		return s
	}
	needing := func(n int, s catalog.Stage) catalog.Stage { s.Need.AtLeast = n; return s }
	everybody := func(s catalog.Stage) catalog.Stage { s.Need.All = true; return s }
	of2 := func(department string, s catalog.Stage) catalog.Stage {
		s.If.Departments = []string{department}
		return s
	}
	for name, c := range map[string]struct {
		path   string // "": nothing is wrong
		stages []catalog.Stage
	}{
		"two people":                        {"", []catalog.Stage{of("ines@acme.example"), of("omar@acme.example")}},
		"the same one":                      {"approvals.manager[1]", []catalog.Stage{of("ines@acme.example"), of("Ines@Acme.example")}},
		"one who may move":                  {"", []catalog.Stage{of("ines@acme.example", "omar@acme.example"), of("ines@acme.example")}},
		"three stages, two people":          {"approvals.manager[2]", []catalog.Stage{of("ines@acme.example", "omar@acme.example"), of("omar@acme.example"), of("ines@acme.example")}},
		"two of two, then one of them":      {"approvals.manager[1]", []catalog.Stage{needing(2, of("ines@acme.example", "omar@acme.example")), of("omar@acme.example")}},
		"all of two, then another one":      {"", []catalog.Stage{everybody(of("ines@acme.example", "omar@acme.example")), of("lena@acme.example")}},
		"all of two, then one of them":      {"approvals.manager[1]", []catalog.Stage{everybody(of("ines@acme.example", "omar@acme.example")), of("omar@acme.example")}},
		"the manager twice":                 {"approvals.manager[1]", []catalog.Stage{of("manager"), of("manager")}},
		"manager and theirs":                {"", []catalog.Stage{of("manager"), of("manager-of-manager")}},
		"a group holds any number":          {"", []catalog.Stage{of("group:okta:security"), of("group:okta:security")}},
		"a stage for some, by them":         {"approvals.manager[0]", []catalog.Stage{of2("Sales", of("ines@acme.example")), of("ines@acme.example")}},
		"stages for some, and other people": {"", []catalog.Stage{of2("Sales", of("ines@acme.example")), of2("Design", of("ines@acme.example")), of("omar@acme.example")}},
		"the only owner, by name":           {"apps[0].roles[0].route", []catalog.Stage{of("owner"), of("noor@acme.example")}},
		"the owner, and somebody else":      {"", []catalog.Stage{of("owner"), of("omar@acme.example")}},
	} {
		app, route := sound()
		route.Stages, route.Distinct = c.stages, true
		check := func() []catalog.Fault {
			return catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts())
		}
		faults := check()
		if c.path == "" && len(faults) > 0 || c.path != "" && (len(faults) != 1 || faults[0].Path != c.path || !strings.Contains(faults[0].Problem, "distinct")) {
			t.Errorf("%s: %+v, want one at %q", name, faults, c.path)
		}
		if route.Distinct = false; len(check()) > 0 {
			t.Errorf("%s: without distinct: %+v", name, check())
		}
	}
}
