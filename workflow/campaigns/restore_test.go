package campaigns_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// takenAway is a campaign that took Tom's access away.
func takenAway(t *testing.T, change func(*access.Grant)) (*company, string, int) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", change, "figma-editors")
	w.in("figma-editors", "noor")
	id := w.opens(review())
	row := w.revoked(id, "tom", "figma-editors")
	w.became(id, row, access.OutcomeGone, "")
	return w, id, row
}

// TestWhatAReviewTookIsGivenBackByOneClick, by the approval that it had, for as long as was left of it, and not before it is
// written down.
func TestWhatAReviewTookIsGivenBackByOneClick(t *testing.T) {
	ends := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	w, id, row := takenAway(t, func(g *access.Grant) { g.Ends, g.Wanted = ends, 60*catalog.Day })
	for h, names := range map[string]string{"tom": "nobody to themselves", "bo": "Only IT", "grace": "Only IT"} {
		_, err := w.Restore(t.Context(), by(h), id, row, "needed")
		w.refused(err, access.NotAllowed, names)
	}
	g, err := w.Restore(t.Context(), by("rita"), id, row, "he needs it after all")
	w.ok(err)
	if g.State != access.GrantWaiting || g.Source != access.SourceRestored || w.isIn("figma-editors", "tom") {
		t.Errorf("it is %s before anything is written", g.State)
	}
	w.work()
	g = w.grant(g.ID)
	if g.State != access.GrantActive || !w.isIn("figma-editors", "tom") || !g.Ends.Equal(ends) || g.Issue.Key == "" {
		t.Errorf("given back is %+v", g)
	}
	if i := w.item(id, row); i.Restored.IsZero() || i.Restoring != g.ID || i.RestoreBy.Person != peopletest.ID("rita") {
		t.Errorf("the row is %+v", i)
	}
	if !strings.Contains(strings.Join(w.comments, "\n"), "It is given back") {
		t.Errorf("the issue reads %q", w.comments)
	}
	_, err = w.Restore(t.Context(), by("ivy"), id, row, "")
	w.refused(err, access.Duplicate, "")
	if e := w.events(id, access.EventRowRestored); len(e) != 1 || e[0].Reason != "he needs it after all" {
		t.Errorf("written is %+v", e)
	}
}

// TestWhatCantBeGivenBack: what nobody had approved, what is too long ago, what may not be held any more, and what is over.
func TestWhatCantBeGivenBack(t *testing.T) {
	w, id, row := takenAway(t, nil)
	_, err := w.Restore(t.Context(), by("ivy"), id, 99, "")
	w.refused(err, access.Unknown, "Nothing was taken away")
	noor := w.revoked(id, "noor", "figma-editors")
	_, err = w.Restore(t.Context(), by("ivy"), id, noor, "")
	w.refused(err, access.NotAllowed, "Nobody had approved")
	w.apps[0].Status = catalog.Retired
	_, err = w.Restore(t.Context(), by("ivy"), id, row, "")
	w.refused(err, access.Unknown, "isn't offered any more")
	w.apps[0].Status = catalog.Approved
	w.clock.Advance(15 * catalog.Day)
	_, err = w.Restore(t.Context(), by("ivy"), id, row, "")
	w.refused(err, access.TooLate, "within")

	w, id, row = takenAway(t, func(g *access.Grant) { g.Ends, g.Wanted = time.Date(2026, 11, 17, 0, 0, 0, 0, time.UTC), catalog.Day })
	w.clock.Advance(catalog.Day)
	_, err = w.Restore(t.Context(), by("ivy"), id, row, "")
	w.refused(err, access.TooLate, "Its time would be up")
}

// TestNothingIsGivenBackWhileNewAccessIsPaused; it begins by itself once that is over.
func TestNothingIsGivenBackWhileNewAccessIsPaused(t *testing.T) {
	w, id, row := takenAway(t, nil)
	pause := access.Pause{ID: "P-1", By: by("ivy"), Asked: w.clock.Now(), Wanted: time.Hour, Since: w.clock.Now(), Until: w.clock.Now().Add(time.Hour)}
	w.do(func(u *engine.Unit) error { p := pause; return store.PutPause(u.Tx, &p) })
	_, err := w.Restore(t.Context(), by("ivy"), id, row, "")
	w.ok(err)
	if failed := w.work(); len(failed) != 1 || w.isIn("figma-editors", "tom") {
		t.Errorf("while it is paused: %q, he is in: %v", failed, w.isIn("figma-editors", "tom"))
	}
	w.later(2 * time.Hour)
	if !w.isIn("figma-editors", "tom") {
		t.Error("it isn't given back after the pause")
	}
}
