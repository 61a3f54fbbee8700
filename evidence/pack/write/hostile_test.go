package write_test

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/write"
)

// harmless checks that texts mean nothing where they land.
func harmless(t *testing.T, out packtest.Kept, plain packtest.Page) {
	t.Helper()
	p := packtest.ParsedPage(t, out[pack.ReportFile].Text)
	for _, f := range p.Faults() {
		if !strings.Contains(f, "without words") && !strings.Contains(f, "empty heading") && !strings.Contains(f, "says not of what") { // the text may be empty
			t.Error(f)
		}
	}
	if got, want := len(p.All("tr", "h1", "h2", "h3", "td", "section")), len(plain.All("tr", "h1", "h2", "h3", "td", "section")); got != want {
		t.Errorf("the page has %d parts and not %d", got, want)
	}
	for _, name := range []string{pack.DecisionsFile, pack.PopulationFile, pack.RemovalsFile} {
		packtest.HarmlessSheet(t, name, string(out[name].Text))
	}
	if err := write.ValidJSON(t, out[pack.JSONFile].Text); err != nil {
		t.Error(err)
	}
}

func TestHostileTexts(t *testing.T) {
	plain := packtest.ParsedPage(t, packtest.Written(t, packtest.Filled(t, "plain"))[pack.ReportFile].Text)
	for _, text := range packtest.Hostile() {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) { harmless(t, packtest.Written(t, packtest.Filled(t, text)), plain) })
	}
}

func FuzzTexts(f *testing.F) {
	for _, text := range packtest.Hostile() {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	few := func(t testing.TB, text string) pack.Campaign { // so that one try is quick
		c := packtest.Filled(t, text)
		rows := packtest.RowsOf(t, c)
		c.Rows, c.Events, c.Leavers = packtest.All([]pack.Row{rows[3], rows[12]}), nil, nil
		return c
	}
	plain := packtest.ParsedPage(f, packtest.Written(f, few(f, "plain"))[pack.ReportFile].Text)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 2_000 {
			harmless(t, packtest.Written(t, few(t, text)), plain)
		}
	})
}
