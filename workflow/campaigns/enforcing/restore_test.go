package enforcing_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// takenAway is a campaign that took Tom's access away.
func takenAway(t *testing.T, change func(*access.Grant)) (*campaignstest.Company, string, int) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", change, "figma-editors")
	w.In("figma-editors", "noor")
	id := w.Opens(campaignstest.Review())
	row := w.Revoked(id, "tom", "figma-editors")
	w.Became(id, row, access.OutcomeGone, "")
	return w, id, row
}

// TestWhatAReviewTookIsGivenBackByOneClick, by the approval that it had, for as long as was left of it, and not before it is
// written down.
func TestWhatAReviewTookIsGivenBackByOneClick(t *testing.T) {
	ends := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	w, id, row := takenAway(t, func(g *access.Grant) { g.Ends, g.Wanted = ends, 60*catalog.Day })
	for h, names := range map[string]string{"tom": "nobody to themselves", "bo": "Only IT", "grace": "Only IT"} {
		_, err := w.Enforcing.Restore(t.Context(), campaignstest.By(h), id, row, "needed")
		w.Refused(err, access.NotAllowed, names)
	}
	g, err := w.Enforcing.Restore(t.Context(), campaignstest.By("rita"), id, row, "he needs it after all")
	w.OK(err)
	if g.State != access.GrantWaiting || g.Source != access.SourceRestored || w.IsIn("figma-editors", "tom") {
		t.Errorf("it is %s before anything is written", g.State)
	}
	w.Work()
	g = w.Grant(g.ID)
	if g.State != access.GrantActive || !w.IsIn("figma-editors", "tom") || !g.Ends.Equal(ends) || g.Issue.Key == "" {
		t.Errorf("given back is %+v", g)
	}
	if i := w.Item(id, row); i.Restored.IsZero() || i.Restoring != g.ID || i.RestoreBy.Person != peopletest.ID("rita") {
		t.Errorf("the row is %+v", i)
	}
	if !strings.Contains(strings.Join(w.Comments, "\n"), "It is given back") {
		t.Errorf("the issue reads %q", w.Comments)
	}
	_, err = w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, row, "needed")
	w.Refused(err, access.Duplicate, "")
	if e := w.Events(id, access.EventRowRestored); len(e) != 1 || e[0].Reason != "he needs it after all" {
		t.Errorf("written is %+v", e)
	}
}

// TestWhatCantBeGivenBack: what nobody had approved, what is too long ago, what may not be held any more, and what is over.
func TestWhatCantBeGivenBack(t *testing.T) {
	w, id, row := takenAway(t, nil)
	_, err := w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, 99, "needed")
	w.Refused(err, access.Unknown, "Nothing was taken away")
	_, err = w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, row, " ")
	w.Refused(err, access.Invalid, "say why")
	noor := w.Revoked(id, "noor", "figma-editors")
	_, err = w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, noor, "needed")
	w.Refused(err, access.NotAllowed, "Nobody had approved")
	w.Apps[0].Status = catalog.Retired
	_, err = w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, row, "needed")
	w.Refused(err, access.Unknown, "isn't offered any more")
	w.Apps[0].Status = catalog.Approved
	w.Clock.Advance(15 * catalog.Day)
	_, err = w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, row, "needed")
	w.Refused(err, access.TooLate, "within")

	w, id, row = takenAway(t, func(g *access.Grant) { g.Ends, g.Wanted = time.Date(2026, 11, 17, 0, 0, 0, 0, time.UTC), catalog.Day })
	w.Clock.Advance(catalog.Day)
	_, err = w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, row, "needed")
	w.Refused(err, access.TooLate, "Its time would be up")
}

// TestNothingIsGivenBackWhileNewAccessIsPaused; it begins by itself once that is over.
func TestNothingIsGivenBackWhileNewAccessIsPaused(t *testing.T) {
	w, id, row := takenAway(t, nil)
	pause := access.Pause{ID: "P-1", By: campaignstest.By("ivy"), Asked: w.Clock.Now(), Wanted: time.Hour, Since: w.Clock.Now(), Until: w.Clock.Now().Add(time.Hour)}
	w.Do(func(u *engine.Unit) error { p := pause; return store.PutPause(u.Tx, &p) })
	_, err := w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, row, "needed")
	w.OK(err)
	if failed := w.Work(); len(failed) != 1 || w.IsIn("figma-editors", "tom") {
		t.Errorf("while it is paused: %q, he is in: %v", failed, w.IsIn("figma-editors", "tom"))
	}
	w.Later(2 * time.Hour)
	if !w.IsIn("figma-editors", "tom") {
		t.Error("it isn't given back after the pause")
	}
}
