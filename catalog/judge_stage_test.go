package catalog_test

import (
	"testing"
	"time"

	"latchkey/catalog"
)

// A stage that is asked only under a condition: who holds it, who doesn't, and of whom it isn't known.
func TestConditionalStages(t *testing.T) {
	app, route := sound()
	route.Stages = append(route.Stages, catalog.Stage{Approvers: []catalog.Approver{{Kind: catalog.Security}}, If: catalog.Condition{Departments: []string{"Finance"}}, Line: 7})
	c := catalog.New([]catalog.App{*app}, []catalog.Route{*route})
	for department, want := range map[string]struct {
		stages  int
		clauses string
	}{
		"finance": {2, "stage 2 of its route is asked (rule approvals.manager, line 7)"},
		"Design":  {1, "stage 2 of its route isn't asked, as its condition doesn't hold (rule approvals.manager, line 7)"},
		"":        {2, "stage 2 of its route is asked (rule approvals.manager, line 7; it isn't known whether it holds, for want of: department)"},
	} {
		j := c.Judge(catalog.Attributes{App: *app, Role: app.Roles[0], Wanted: time.Hour, Person: catalog.PersonAttributes{Department: department}})
		if len(j.Route.Stages) != want.stages || catalog.Says(j.Clauses) != want.clauses || j.Outcome != catalog.Asked {
			t.Errorf("%q: %d stages, %s: %s", department, len(j.Route.Stages), j.Outcome, catalog.Says(j.Clauses))
		}
	}
	if n := len(route.Stages); n != 2 {
		t.Errorf("the route itself has %d stages now", n)
	}
}

func TestARouteAsksSomebodyWhateverItsConditionsSay(t *testing.T) {
	app, route := sound()
	route.Stages[0].If = catalog.Condition{Departments: []string{"Finance"}}
	expectOne(t, catalog.New([]catalog.App{*app}, []catalog.Route{*route}), "approvals.manager", "every stage of route")
	route.Stages = append(route.Stages, catalog.Stage{Approvers: route.Stages[0].Approvers})
	route.Stages[0].If = catalog.Condition{Apps: []string{"fgima"}}
	expectOne(t, catalog.New([]catalog.App{*app}, []catalog.Route{*route}), "approvals.manager[0].if.what.apps[0]", `did you mean "figma"?`)
}
