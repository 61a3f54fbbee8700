package pack_test

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/evidence/pack"
)

// harmless checks that texts mean nothing where they land.
func harmless(t *testing.T, out kept, plain page) {
	t.Helper()
	p := parsedPage(t, out[pack.ReportFile].text)
	for _, f := range p.faults() {
		if !strings.Contains(f, "without words") && !strings.Contains(f, "empty heading") && !strings.Contains(f, "says not of what") { // the text may be empty
			t.Error(f)
		}
	}
	if got, want := len(p.all("tr", "h1", "h2", "h3", "td", "section")), len(plain.all("tr", "h1", "h2", "h3", "td", "section")); got != want {
		t.Errorf("the page has %d parts and not %d", got, want)
	}
	for _, name := range []string{pack.DecisionsFile, pack.PopulationFile, pack.RemovalsFile} {
		sheet(t, name, string(out[name].text))
	}
	if err := pack.ValidJSON(t, out[pack.JSONFile].text); err != nil {
		t.Error(err)
	}
}

func TestHostileTexts(t *testing.T) {
	plain := parsedPage(t, written(t, filled(t, "plain"))[pack.ReportFile].text)
	for _, text := range hostile() {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) { harmless(t, written(t, filled(t, text)), plain) })
	}
}

func FuzzTexts(f *testing.F) {
	for _, text := range hostile() {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	few := func(t testing.TB, text string) pack.Campaign { // so that one try is quick
		c := filled(t, text)
		rows := rowsOf(t, c)
		c.Rows, c.Events, c.Leavers = all([]pack.Row{rows[3], rows[12]}), nil, nil
		return c
	}
	plain := parsedPage(f, written(f, few(f, "plain"))[pack.ReportFile].text)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 2_000 {
			harmless(t, written(t, few(t, text)), plain)
		}
	})
}
