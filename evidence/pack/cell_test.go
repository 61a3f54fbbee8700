package pack_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"latchkey/evidence/pack"
)

// sheet checks that a spreadsheet takes no cell of a table for a formula, whatever separates
// cells where it runs, and that it keeps all of each.
func sheet(t *testing.T, name, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			inert(t, cell)
		}
	}
}

func inert(t *testing.T, cell string) {
	t.Helper()
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
		if part = strings.TrimLeft(part, " "); part != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(part)[0]) {
			t.Errorf("a formula: %.80q", cell)
		}
	}
	if n := len(utf16.Encode([]rune(cell))); n > 32_767 {
		t.Errorf("a cell has %d characters", n)
	}
	if !utf8.ValidString(cell) || strings.ContainsFunc(cell, func(r rune) bool {
		return unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d || unicode.IsControl(r) && r != '\n' && r != '\t'
	}) {
		t.Errorf("what can't be seen: %.80q", cell)
	}
}

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
		if got := pack.Cell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, long := range []string{strings.Repeat("W", 40_000), strings.Repeat("🗝", 17_000), "=" + strings.Repeat("=", 40_000)} {
		got := pack.Cell(long)
		inert(t, got)
		if !strings.Contains(got, "characters are in campaign.json") {
			t.Errorf("it isn't said that %.10q was cut", got)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, text := range hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := pack.Cell(text)
		inert(t, got)
		if again := pack.Clean(pack.Clean(text)); again != pack.Clean(text) {
			t.Errorf("%q is not clean at once", text)
		}
	})
}
