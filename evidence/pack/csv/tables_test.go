package csv_test

import (
	"context"
	encoding "encoding/csv"
	"io"
	"strings"
	"testing"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/csv"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/summary"
)

// Every row of the CSVs says what the row says, under a header that stays.
func TestTables(t *testing.T) {
	r, err := summary.Count(t.Context(), packtest.Review(t))
	if err != nil {
		t.Fatal(err)
	}
	out := packtest.Kept{}
	for name, write := range map[string]func(context.Context, *summary.Review, io.Writer) error{pack.DecisionsFile: csv.Decisions, pack.PopulationFile: csv.Population, pack.RemovalsFile: csv.Removals} {
		if err := write(t.Context(), r, out.File(name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]int{pack.DecisionsFile: 20, pack.PopulationFile: 3, pack.RemovalsFile: 7} {
		text := string(out[name].Text)
		if !strings.HasPrefix(text, "\ufeff") || strings.Count(text, "\r\n") != strings.Count(text, "\n") {
			t.Errorf("%s is not as Excel reads it", name)
		}
		rows, err := encoding.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != want+1 {
			t.Errorf("%s has %d lines, %v", name, len(rows), err)
		}
	}
	text := string(out[pack.DecisionsFile].Text)
	for _, want := range []string{
		"[none]", "[unknown: Okta did not answer]", "[not asked: usage is switched off for the ERP]", "[not recorded]",
		"stage 1: revoke by Tom Becker, 3 Nov 2026 10:08 UTC, slack, 2.1 s: slipped (taken back by Tom Becker, 3 Nov 2026 10:09 UTC: wrong row)",
		"3 rows at once", "IT-142 https://northwind.test/browse/IT-142",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("decisions.csv doesn't say %q", want)
		}
	}
}
