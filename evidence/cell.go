package evidence

import "strings"

// starters are what a spreadsheet takes for the beginning of a formula, or skips before one
// (OWASP, "CSV Injection"); the last four are full-width forms, which some turn into the others.
const starters = "=+-@\t\r\n＝＋－＠"

// Harmless keeps a spreadsheet from taking a cell, or a part of one, for a formula. Where the
// machine's lists are separated by semicolons or tabs, a spreadsheet may part a cell there
// whatever quotes stand around it, so what would be a formula then is none either.
func Harmless(cell string) string {
	if !strings.ContainsAny(cell, starters) {
		return cell
	}
	var b strings.Builder
	begins := true // a cell might begin here
	for _, r := range cell {
		if begins && strings.ContainsRune(starters, r) {
			b.WriteByte('\'')
			begins = false
		}
		b.WriteRune(r)
		switch {
		case strings.ContainsRune(";\t\r\n", r):
			begins = true
		case r != ' ':
			begins = false
		}
	}
	return b.String()
}
