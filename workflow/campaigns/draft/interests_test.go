package draft_test

import (
	"strings"
	"testing"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestConflictsOfInterest: reviewers who administer the directory, who said yes, and who review whoever is above them are said.
func TestConflictsOfInterest(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Owner}}
	w.Put("figma-editors", "maya", "grace")
	w.Put("figma-admins", "noor")
	w.Grant("maya", "figma", "editor", "figma-editors", nil)
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("noor"))
		if err != nil {
			return err
		}
		k.Manager = peopletest.ID("grace")
		if err := store.PutPerson(u.Tx, &k); err != nil {
			return err
		}
		r := access.Request{ID: "AR-MAYAEDITOR", State: access.RequestApproved, Stages: []access.Stage{{Answers: []access.Answer{{By: campaignstest.By("noor"), Yes: true}}}}}
		return store.PutRequest(u.Tx, &r)
	})
	c := w.Reads(w.Begun())
	d, err := w.Draft(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(d.Conflicts, "\n")
	for _, want := range []string{"noor@acme.example administers okta (is in figma-admins)", "noor@acme.example approved access that they review, as in AR-MAYAEDITOR", "noor@acme.example reports to Grace, whose access they review"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q isn't said in:\n%s", want, all)
		}
	}
	if len(d.NotCovered) < 2 || !strings.Contains(strings.Join(d.NotCovered, "\n"), "Vault · Reader is opened by no group") {
		t.Errorf("not covered: %q", d.NotCovered)
	}
}
