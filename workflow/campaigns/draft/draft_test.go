package draft_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/campaigns/draft"
	"latchkey/workflow/people/peopletest"
)

// TestWhatIsKnownBeforeAStart: who is asked and by which rule, for which rows nobody was found, and what is left out.
func TestWhatIsKnownBeforeAStart(t *testing.T) {
	w := campaignstest.NewReadings(t)
	stage := &w.Review.Stages[0]
	stage.Reviewers, stage.Fallback = []catalog.Approver{{Kind: catalog.Owner}}, nil
	stage.Additional = []catalog.Approver{{Kind: catalog.Named, Person: "omar@acme.example"}}
	w.Review.Scope.Exclude = []catalog.ReviewExclude{
		{Person: "tom@acme.example", Why: "a robot", By: "ines"},
		{Role: catalog.RoleRef{App: "figma", Role: "admin"}, Why: "reviewed monthly", By: "ines"},
	}
	w.Put("figma-editors", "maya", "tom")
	w.Put("figma-admins", "maya", "grace")
	w.Put("payroll-clerks", "omar") // he owns it, so nobody is asked
	d, err := w.Draft(t.Context(), w.Reads(w.Begun()).ID)
	if err != nil {
		t.Fatal(err)
	}
	how := map[string]string{}
	for _, one := range d.Reviewers {
		how[campaignstest.Handle(one.Who)] = one.How
	}
	if len(d.Reviewers) != 2 || !strings.Contains(how["noor"], "an owner of the apps") || how[string(peopletest.ID("omar"))] != "named by the review" {
		t.Errorf("asked are %+v", d.Reviewers)
	}
	if len(d.Alone) != 1 || d.Alone[0].Person != peopletest.ID("omar") {
		t.Errorf("nobody is asked about %+v", d.Alone)
	}
	want := []draft.Exclusion{{What: "tom@acme.example", Why: "a robot", By: "ines", Rows: 1}, {What: "Figma · Admin", Why: "reviewed monthly", By: "ines", Rows: 2}}
	if !slices.Equal(d.Excluded, want) {
		t.Errorf("left out: %+v", d.Excluded)
	}
}

// TestBeforeItIsRead a draft says nothing but what the review can't see.
func TestBeforeItIsRead(t *testing.T) {
	w := campaignstest.NewReadings(t)
	d, err := w.Draft(t.Context(), w.Begun().ID)
	if err != nil || len(d.Reviewers) > 0 || len(d.NotCovered) == 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestWhoWasFoundByWhichRule in words.
func TestWhoWasFoundByWhichRule(t *testing.T) {
	for kind, want := range map[catalog.ApproverKind]string{
		catalog.Manager: "a manager of the people", catalog.SecondManager: "a manager of managers", catalog.Security: "IT", catalog.RoleApprover: "an approver of the roles",
	} {
		r := catalog.Review{Stages: []catalog.ReviewStage{{Reviewers: []catalog.Approver{{Kind: kind}}}}}
		if got := draft.HowAsked(r, peopletest.Person("rita")); got != want {
			t.Errorf("%v: %q, want %q", kind, got, want)
		}
	}
}
