package campaigns_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence/note/notetest"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
	"latchkey/evidence/pack/verify"
	"latchkey/evidence/pack/write"
	"latchkey/store"
	"latchkey/workflow/campaigns"
)

// evidence writes the evidence of a campaign into a folder and checks it as a stranger does.
func (w *company) evidence(id string) (hash string, told told) {
	w.Helper()
	log := ""
	w.view(func(tx store.Tx) (err error) {
		log, err = store.LogName(tx)
		return err
	})
	keys := notetest.Keys(log)
	dir := filepath.Join(w.TempDir(), "pack")
	if kept := os.Getenv("KEEP_PACK"); kept != "" { // to look at it
		dir = filepath.Join(kept, string(w.campaign(id).State))
	}
	var err error
	hash, err = w.WriteEvidence(w.Context(), id, campaigns.Sealing{Sign: keys.Signer.Sign, Keys: []string{keys.Signer.Public().String()}}, write.Folder(dir))
	w.ok(err)
	v, err := verify.Pack(os.DirFS(dir), keys.Trust)
	w.ok(err)
	if !v.Whole() || len(hash) != 64 {
		w.Errorf("the pack isn't whole: %q, %q", v.Broken, hash)
	}
	text, err := os.ReadFile(filepath.Join(dir, pack.JSONFile))
	w.ok(err)
	w.ok(json.Unmarshal(text, &told))
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
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	w.in("figma-editors", "noor", "maya")
	id := w.opens(review())
	maya := w.number("rita", id, "maya", "figma-editors")
	w.ok(w.says("rita", id, maya, access.DecisionRevoke, "slipped"))
	w.ok(w.says("rita", id, maya, access.DecisionKeep, "needed"))
	hash, so := w.evidence(id)
	w.refused(w.EvidenceMade(t.Context(), by("ivy"), id, hash), access.TooLate, "going on")
	if so.Status != pack.Open || len(so.Rows) != 3 || so.Groups[0].Population.Rows != 3 || len(so.Scope.Blind) == 0 {
		t.Errorf("while it goes on: %+v", so.Campaign)
	}
	w.revoked(id, "tom", "figma-editors")
	_, err := w.CloseNow(t.Context(), by("ivy"), id)
	w.ok(err)
	w.later(time.Minute)
	w.later(2 * time.Hour)
	hash, all := w.evidence(id)
	w.ok(w.EvidenceMade(t.Context(), by("ivy"), id, hash))
	if w.campaign(id).Pack != hash {
		t.Error("it isn't written down that the evidence was made")
	}
	w.refused(w.EvidenceMade(t.Context(), by("ivy"), id, ""), access.Invalid, "no pack")
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
	if n := all.row(t, "noor"); n.Outcome.How != pack.NobodySpoke || n.Outcome.Verdict != pack.Keep || len(n.Asked) == 0 || n.LastSignIn.At.Known() {
		t.Errorf("Noor's row: %+v", n)
	}
}

// TestNoEvidenceWithoutAKey, nor of a review that nobody knows or that wasn't read.
func TestNoEvidenceWithoutAKey(t *testing.T) {
	w := newCompany(t)
	_, err := w.WriteEvidence(t.Context(), "RV-1", campaigns.Sealing{}, write.Folder(t.TempDir()))
	w.refused(err, access.NotAllowed, "no key")
	_, err = w.WriteEvidence(t.Context(), "RV-1", campaigns.Sealing{Sign: notetest.Keys(notetest.Log).Signer.Sign}, write.Folder(t.TempDir()))
	w.refused(err, access.Unknown, "isn't known")
}
