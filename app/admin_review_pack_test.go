package app

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// What goes wrong when the evidence of a review is asked for is said in a sentence, and nothing is written.
func TestNoEvidenceOfAReviewThatNobodyKnows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	filledStore(t, path, 100)
	admin, err := OpenAdmin(t.Context(), storeConfig(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	}()
	var out bytes.Buffer
	if err := admin.ExportReview(t.Context(), "RV-NONE", "ops", &out); err == nil || !strings.Contains(err.Error(), "no review") || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
	for _, h := range []HandOn{{Review: "RV-NONE", From: "noor@acme.example", To: "nobody@acme.example"}, {Review: "RV-NONE", Rows: []string{"x"}, To: "nobody@acme.example"}} {
		if err := admin.HandOnReview(t.Context(), h, "ops"); err == nil {
			t.Errorf("%+v: somebody answers at a review that nobody knows", h)
		}
	}
	if buildVersion() == "" {
		t.Error("this build has no name")
	}
}
