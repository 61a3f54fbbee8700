package csv_test

import (
	"strings"
	"testing"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/csv"
	"latchkey/evidence/pack/packtest"
)

func TestCells(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"Maya":                 "Maya",
		"=1+1":                 "'=1+1",
		"a-b":                  "a-b",
		"a; -b":                "a; '-b",
		"a;=b":                 "a;'=b",
		"  =1":                 "  '=1",
		"x\n=1":                "x\n'=1",
		"\u202eevil":           "[U+202E]evil",
		"\x00":                 "[U+0000]",
		"\xff":                 "\ufffd",
		"👩\u200d💻":             "👩\u200d💻",
		"a\r\n=b":              "a[U+000D]\n'=b",
		"＝1":                   "'＝1",
		"12 Nov 2026; @SUM(1)": "12 Nov 2026; '@SUM(1)",
	} {
		if got := csv.Cell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, long := range []string{strings.Repeat("W", 40_000), strings.Repeat("🗝", 17_000), "=" + strings.Repeat("=", 40_000)} {
		got := csv.Cell(long)
		packtest.HarmlessCell(t, got)
		if !strings.Contains(got, "characters are in campaign.json") {
			t.Errorf("it isn't said that %.10q was cut", got)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, text := range packtest.Hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := csv.Cell(text)
		packtest.HarmlessCell(t, got)
		if again := pack.Clean(pack.Clean(text)); again != pack.Clean(text) {
			t.Errorf("%q is not clean at once", text)
		}
	})
}
