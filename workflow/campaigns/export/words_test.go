package export_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/campaignstest"
)

// TestAnAuditorReadsWordsAndNoSettings: who hasn't the configuration before them understands by which rules it was decided, what
// was recommended and why, and who manages whom.
func TestAnAuditorReadsWordsAndNoSettings(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "rita", "maya")
	review := campaignstest.Review()
	review.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Manager}}
	id := w.Opens(review)
	w.OK(w.Says("mel", id, w.Number("mel", id, "rita", "figma-editors"), access.DecisionKeep, "needed"))
	_, so := evidenceOf(w, id)
	p, rita, maya := so.Policy, so.row(t, "rita"), so.row(t, "maya")
	texts := []string{p.Reviewers, p.Fallback, p.NoReviewer, p.NoAnswer, p.Restore, p.Stages[0].Words, rita.Outcome.Words, rita.Recommended.Reason, maya.Outcome.Words, rita.Shown}
	settings := []string{string(review.Stages[0].Strategy), "manager-of-manager", "escalate", "one-keep", "30d", "unexpected", "never_used", "_"}
	for _, text := range texts {
		if slices.ContainsFunc(settings, func(s string) bool { return strings.Contains(text, s) }) {
			t.Errorf("%q is written in settings", text)
		}
	}
	if rita.Person.Manager.Value != "Mel" && !strings.HasPrefix(rita.Person.Manager.Value, "Mel ") {
		t.Errorf("Rita's manager is %+v", rita.Person.Manager)
	}
	for name, c := range map[string][2]string{
		"who is asked":     {p.Stages[0].Words, "the person's manager, or the next above who can answer: "},
		"how it counts":    {rita.Outcome.Words, "by the answers: "},
		"nobody is found":  {p.NoReviewer, "IT decides"},
		"why it is advice": {maya.Recommended.Reason, " "},
	} {
		if !strings.Contains(c[0], c[1]) {
			t.Errorf("%s: %q", name, c[0])
		}
	}
}
