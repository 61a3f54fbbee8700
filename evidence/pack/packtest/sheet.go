package packtest

import (
	"encoding/csv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// HarmlessSheet checks that a spreadsheet takes no cell of a table for a formula, whatever separates
// cells where it runs, and that it keeps all of each.
func HarmlessSheet(t *testing.T, name, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			HarmlessCell(t, cell)
		}
	}
}

// HarmlessCell checks one cell.
func HarmlessCell(t *testing.T, cell string) {
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
