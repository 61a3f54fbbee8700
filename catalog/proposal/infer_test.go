package proposal_test

import (
	"slices"
	"testing"

	"latchkey/catalog/proposal"
)

// TestApplicationsAreGuessedByNamesAlone: where a directory doesn't say which there are. All of it is a guess, and a team is
// no application.
func TestApplicationsAreGuessedByNamesAlone(t *testing.T) {
	var groups []proposal.Group
	for _, n := range []string{"figma-editors", "figma-viewers", "PagerDuty Responders", "looker-explorers@acme.example", "aws_prod_admin", "Design", "All Employees", "engineering", "Sales Team Members", "admins"} {
		groups = append(groups, proposal.Group{ID: n, Name: n, Governable: true, Members: 2})
	}
	apps := proposal.Inferred(groups)
	var called []string
	for _, a := range apps {
		called = append(called, a.Name)
	}
	if !slices.Equal(called, []string{"PagerDuty", "aws", "figma", "looker"}) {
		t.Errorf("guessed %q", called)
	}
	p := proposal.Propose(proposal.Source{Directory: "scim", Apps: apps, Groups: groups})
	got := map[string]string{}
	for _, a := range p.Apps {
		for _, r := range a.Roles {
			if r.Certain != proposal.Guess {
				t.Errorf("%s is %s", r.Called, r.Certain)
			}
			got[r.Called] = a.Name + " · " + r.Name
		}
	}
	for group, want := range map[string]string{"figma-editors": "figma · Editor", "PagerDuty Responders": "PagerDuty · Responder", "aws_prod_admin": "aws · Production admin", "looker-explorers@acme.example": "looker · Explorer"} {
		if got[group] != want {
			t.Errorf("%s: %q, want %q", group, got[group], want)
		}
	}
	if got["Design"] != "" || got["All Employees"] != "" {
		t.Errorf("%v", got)
	}
}
