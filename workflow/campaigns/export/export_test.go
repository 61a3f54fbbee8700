package export_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/people/peopletest"

	"latchkey/access"
	"latchkey/evidence/note/notetest"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
	"latchkey/evidence/pack/verify"
	"latchkey/evidence/pack/write"
	"latchkey/store"

	"latchkey/workflow/campaigns/export"
)

// evidence writes the evidence of a campaign into a folder and checks it as a stranger does.
func evidenceOf(w *campaignstest.Company, id string) (hash string, told told) {
	w.Helper()
	log := ""
	w.View(func(tx store.Tx) (err error) {
		log, err = store.LogName(tx)
		return err
	})
	keys := notetest.Keys(log)
	dir := filepath.Join(w.TempDir(), "pack")
	if kept := os.Getenv("KEEP_PACK"); kept != "" { // to look at it
		dir = filepath.Join(kept, string(w.Now(id).State))
	}
	var err error
	hash, err = w.Export.Write(w.Context(), id, export.Sealing{Sign: keys.Signer.Sign, Keys: []string{keys.Signer.Public().String()}}, write.Folder(dir))
	w.OK(err)
	v, err := verify.Pack(os.DirFS(dir), keys.Trust)
	w.OK(err)
	if !v.Whole() || len(hash) != 64 {
		w.Errorf("the pack isn't whole: %q, %q", v.Broken, hash)
	}
	text, err := os.ReadFile(filepath.Join(dir, pack.JSONFile))
	w.OK(err)
	w.OK(json.Unmarshal(text, &told))
	return hash, told
}

// told is what a pack says.
type told struct {
	pack.Campaign
	Rows    []pack.Row
	Summary struct{ Notes []summary.Note }
}

// row is somebody's row.
func (c told) row(t *testing.T, name string) pack.Row {
	t.Helper()
	for _, r := range c.Rows {
		if strings.Contains(strings.ToLower(r.Shown+r.Person.Login), name) {
			return r
		}
	}
	t.Fatalf("there is no row of %s", name)
	return pack.Row{}
}

// TestTheEvidenceOfAReview: the pack of a review tells what was answered, what was taken back, what became of it, and is
// whole at any time.
func TestTheEvidenceOfAReview(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor", "maya")
	id := w.Opens(campaignstest.Review())
	maya := w.Number("rita", id, "maya", "figma-editors")
	w.OK(w.Says("rita", id, maya, access.DecisionRevoke, "slipped"))
	w.OK(w.Says("rita", id, maya, access.DecisionKeep, "needed"))
	hash, so := evidenceOf(w, id)
	w.Refused(w.Export.Made(t.Context(), campaignstest.By("ivy"), id, hash), access.TooLate, "going on")
	if so.Status != pack.Open || len(so.Rows) != 3 || so.Groups[0].Population.Rows != 3 || len(so.Scope.Blind) == 0 {
		t.Errorf("while it goes on: %+v", so.Campaign)
	}
	w.Revoked(id, "tom", "figma-editors")
	_, err := w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
	w.OK(err)
	w.Later(time.Minute)
	w.Later(2 * time.Hour)
	hash, all := evidenceOf(w, id)
	w.OK(w.Export.Made(t.Context(), campaignstest.By("ivy"), id, hash))
	if w.Now(id).Pack != hash {
		t.Error("it isn't written down that the evidence was made")
	}
	w.Refused(w.Export.Made(t.Context(), campaignstest.By("ivy"), id, ""), access.Invalid, "no pack")
	if all.Status != pack.Closed || all.Times.Snapshot.IsZero() || all.Tool.Chain.N == 0 || all.Reviewers[0].Name == "" || all.Reviewers[0].Rows != 3 || !all.Period.From.Equal(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) || all.Period.To.Month() != time.December {
		t.Errorf("once it is closed: %+v", all.Campaign)
	}
	m := all.row(t, "maya")
	if len(m.Answers) != 2 || m.Answers[0].Undone == nil || m.Answers[1].Undone != nil || m.Answers[1].Reason != "needed" || m.Answers[1].Seconds.Value != 5 || m.Outcome.Verdict != pack.Keep || m.Outcome.How != pack.ByAnswers || m.Answers[1].Event.ID == "" {
		t.Errorf("Maya's row: %+v", m)
	}
	r := all.row(t, "tom")
	if r.Removal == nil || r.Removal.Result != pack.Gone || !r.Removal.Read.Known() || !r.Removal.Checked.Known() || r.Removal.Event.ID == "" || r.Removal.Asked.IsZero() || r.Access.Grant != "G-1" {
		t.Errorf("Tom's row: %+v %+v", r, r.Removal)
	}
	for _, is := range []pack.Link{all.Issue, r.Removal.Issue} {
		if is.Key == "" || is.URL != "https://acme.example/browse/"+is.Key {
			t.Errorf("an issue is %+v", is)
		}
	}
	if n := all.row(t, "noor"); n.Outcome.How != pack.NobodySpoke || n.Outcome.Verdict != pack.Keep || len(n.Asked) == 0 || n.LastSignIn.At.Known() {
		t.Errorf("Noor's row: %+v", n)
	}
}

// TestNoEvidenceWithoutAKey, nor of a review that nobody knows or that wasn't read.
func TestNoEvidenceWithoutAKey(t *testing.T) {
	w := campaignstest.NewCompany(t)
	_, err := w.Export.Write(t.Context(), "RV-1", export.Sealing{}, write.Folder(t.TempDir()))
	w.Refused(err, access.NotAllowed, "no key")
	_, err = w.Export.Write(t.Context(), "RV-1", export.Sealing{Sign: notetest.Keys(notetest.Log).Signer.Sign}, write.Folder(t.TempDir()))
	w.Refused(err, access.Unknown, "isn't known")
}

// TestWhatWentOtherwise is told as it was: rows that are left out, somebody who left, a removal by hand, one that was given
// back, and reviewers who were moved.
func TestWhatWentOtherwise(t *testing.T) {
	w := campaignstest.NewCompany(t, func(w *campaignstest.Company) { w.Protected = []catalog.GroupRef{campaignstest.Group("figma-admins")} })
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor", "grace")
	w.In("figma-admins", "maya")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) {
		r.NoUsage = []string{"figma"}
		r.Stages[0].Additional = campaignstest.Named("bo")
		r.Scope.Exclude = []catalog.ReviewExclude{{Person: string(peopletest.Address("grace")), Why: "a robot", By: "ivy"}}
	}))
	w.OK(w.Deciding.Reassign(t.Context(), campaignstest.By("ivy"), id, []int{w.Number("rita", id, "noor", "figma-editors")}, peopletest.ID("mel"), "she knows her"))
	w.OK(w.Deciding.MoveReviewer(t.Context(), campaignstest.By("ivy"), id, peopletest.ID("bo"), peopletest.ID("mel"), "on leave"))
	tom := w.Revoked(id, "tom", "figma-editors")
	w.Revoked(id, "maya", "figma-admins")
	_, err := w.Enforcing.Restore(t.Context(), campaignstest.By("ivy"), id, tom, "needed after all")
	w.OK(err)
	w.Work()
	w.Leaves("noor")
	_, told := evidenceOf(w, id)
	if e := told.Scope.Exclusions; len(e) != 1 || e[0].Rows != 1 || e[0].Reason != "a robot" || e[0].By.Name != "ivy" {
		t.Errorf("left out: %+v", e)
	}
	if l := told.Leavers; len(l) != 1 || len(l[0].Rows) != 1 {
		t.Errorf("leavers: %+v", l)
	}
	if r := told.row(t, "tom").Removal; r == nil || len(r.Restored) != 1 || r.Restored[0].Reason != "needed after all" {
		t.Errorf("given back: %+v", r)
	}
	if r := told.row(t, "maya").Removal; r == nil || r.Result != pack.Manual || r.Cause == "" {
		t.Errorf("by hand: %+v", r)
	}
	if n := told.row(t, "noor"); len(n.Asked) != 3 || n.Asked[2].Reviewer != string(peopletest.ID("mel")) || n.LastSignIn.At.Knowledge() != pack.NotAsked {
		t.Errorf("handed on: %+v", n.Asked)
	}
	moved := 0
	for _, r := range told.Reviewers {
		moved += len(r.Reassigned)
	}
	if moved != 1 {
		t.Errorf("%d reviewers were moved: %+v", moved, told.Reviewers)
	}
	_, err = w.Cancel(t.Context(), campaignstest.By("ivy"), id, "wrong scope")
	w.OK(err)
	if _, told = evidenceOf(w, id); told.Status != pack.Cancelled {
		t.Errorf("once it is cancelled it is %s", told.Status)
	}
}
