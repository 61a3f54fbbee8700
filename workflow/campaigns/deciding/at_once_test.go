package deciding_test

import (
	"sync"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/campaignstest"
)

// TestTwoAnswerAtOnce: of two who answer the same row at the same moment both are heard, and what it comes to is the same
// whoever was first.
func TestTwoAnswerAtOnce(t *testing.T) {
	for range 5 {
		w := campaignstest.NewCompany(t)
		w.In("figma-editors", "tom")
		id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Stages[0].Additional = campaignstest.Named("bo") }))
		row := w.Number("rita", id, "tom", "figma-editors")
		said := map[string]access.ReviewDecision{"rita": access.DecisionKeep, "bo": access.DecisionRevoke}
		errs := make(chan error, len(said))
		var both sync.WaitGroup
		for who, v := range said {
			both.Go(func() { errs <- w.Says(who, id, row, v) })
		}
		both.Wait()
		for range said {
			w.OK(<-errs)
		}
		if i := w.Item(id, row); i.Decision != access.DecisionRevoke || len(i.Answers) != 2 {
			t.Fatalf("%s with %d answers", i.Decision, len(i.Answers))
		}
		for who := range said {
			if l := w.Worklist(id, 0, who); l.Answered != 1 || l.Left() != 0 {
				t.Errorf("%s: %+v", who, l)
			}
		}
	}
}
