package plan_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
	"latchkey/catalog/plan"
)

func quarterly(change ...func(*catalog.Review)) catalog.Review {
	r := catalog.Review{
		ID: "quarterly", Name: "Access, quarterly", Unanswered: catalog.KeepAccess, Unreachable: catalog.EscalateReview, Undo: catalog.Day, Restore: 30 * catalog.Day,
		Stages: []catalog.ReviewStage{{Reviewers: []catalog.Approver{{Kind: catalog.Manager}}, Strategy: catalog.AllMustKeep, Lasts: 2 * catalog.Week}},
	}
	for _, do := range change {
		do(&r)
	}
	return r
}

func reviewing(name string, all ...catalog.Review) plan.File {
	f := figma().file(name)
	f.Catalog = f.Catalog.WithReviews(all)
	return f
}

// TestWhatBecomesOfReviewsIsSaid: of those that begin, no longer do, or do otherwise, and of runs that go on.
func TestWhatBecomesOfReviewsIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		before, after []catalog.Review
		want          []string
	}{
		"a new one":          {nil, []catalog.Review{quarterly()}, []string{"reviews + Access, quarterly: a review of access, that begins by hand"}},
		"one that goes":      {[]catalog.Review{quarterly()}, nil, []string{"reviews - Access, quarterly: no run of it begins any more", "its definition goes; a run that goes on keeps the one with which it began [RV-1 (open)]"}},
		"silence":            {[]catalog.Review{quarterly()}, []catalog.Review{quarterly(func(r *catalog.Review) { r.Unanswered = catalog.RevokeAccess })}, []string{"unanswered: keep → revoke, from the next run on", "a run that goes on keeps"}},
		"by the calendar":    {[]catalog.Review{quarterly()}, []catalog.Review{quarterly(func(r *catalog.Review) { r.Line = "0 9 1 * *" })}, []string{"begins: by hand → by the calendar, “0 9 1 * *”, from the next start of Latchkey on"}},
		"whom it asks":       {[]catalog.Review{quarterly()}, []catalog.Review{quarterly(func(r *catalog.Review) { r.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Owner}} })}, []string{"others are asked from the next run on"}},
		"what it is about":   {[]catalog.Review{quarterly()}, []catalog.Review{quarterly(func(r *catalog.Review) { r.Scope.Apps = []string{"figma"} })}, []string{"it is about other access from the next run on"}},
		"how long they have": {[]catalog.Review{quarterly()}, []catalog.Review{quarterly(func(r *catalog.Review) { r.Stages[0].Lasts = catalog.Week })}, []string{"reviewers have 1w, not 2w, from the next run on"}},
		"another round":      {[]catalog.Review{quarterly()}, []catalog.Review{quarterly(func(r *catalog.Review) { r.Stages = append(r.Stages, r.Stages[0]) })}, []string{"its rounds are others from the next run on"}},
	} {
		t.Run(name, func(t *testing.T) {
			compared := plan.Compare(reviewing("old.yaml", c.before...), reviewing("new.yaml", c.after...))
			if len(c.before) > 0 {
				compared.Run("RV-1 (open)", c.before[0])
			}
			got := strings.Join(said(compared.Plan().Changes), "\n")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
		})
	}
	same := plan.Compare(reviewing("old.yaml", quarterly()), reviewing("new.yaml", quarterly()))
	same.Run("RV-1 (open)", quarterly())
	if p := same.Plan(); slices.ContainsFunc(p.Changes, func(l plan.Line) bool { return l.Section == plan.Reviewed }) {
		t.Errorf("nothing changed, and it says %q", said(p.Changes))
	}
}
