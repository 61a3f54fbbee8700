package app

import (
	"os"
	"testing"

	"latchkey/catalog"
	"latchkey/catalog/proposal"
	"latchkey/config"
)

// TestTheExampleIsProposedAgain: of the example's groups, assigned to its apps, its own roles come out again. The heuristics
// were not made by it.
func TestTheExampleIsProposedAgain(t *testing.T) {
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("config.yaml", example, func(name string) (string, bool) { return name, true }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	s, want := proposal.Source{Directory: "okta"}, map[string][2]string{}
	for _, a := range c.Catalog.Apps() {
		app := proposal.App{ID: a.ID, Name: a.Name, Active: true}
		for _, r := range a.Roles {
			for _, g := range r.Groups {
				s.Groups = append(s.Groups, proposal.Group{ID: g.Group, Name: g.Group, Governable: true, Members: 1})
				app.Groups = append(app.Groups, proposal.Assignment{GroupID: g.Group})
				want[g.Group] = [2]string{a.Name, r.Name}
			}
		}
		s.Apps = append(s.Apps, app)
	}
	right, proposed := 0, 0
	for _, a := range proposal.Propose(s).Apps {
		for _, r := range a.Roles {
			proposed++
			if want[r.Called][0] == a.Name && catalog.Same(want[r.Called][1], r.Name) {
				right++
				continue
			}
			t.Logf("%s: %s · %s, the example has %v", r.Called, a.Name, r.Name, want[r.Called])
		}
	}
	t.Logf("of %d roles %d are proposed, %d of these as the example calls them", len(want), proposed, right)
	if proposed < len(want)*8/10 {
		t.Errorf("only %d of %d are proposed", proposed, len(want))
	}
}
