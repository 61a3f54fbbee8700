package adf

import (
	"strings"
	"unicode"

	"latchkey/catalog"
)

// Clean drops control characters and those that reverse the direction of what
// follows: with them a text could be read as another one. What keeps texts of both
// directions apart stays where it is whole.
func Clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	apart := catalog.Isolates(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case apart && (r == '\u2068' || r == '\u2069'):
			return r
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}

// List joins as people do: "a, b or c".
func List(all []string, word string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " " + word + " " + all[len(all)-1]
}

// OneLine is a text without line breaks and repeated spaces.
func OneLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Clip shortens a text to a number of characters; an ellipsis says that more was there.
func Clip(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	kept := strings.TrimSpace(string(r[:max(0, limit-1-strings.Count(s, "\u2068"))]))
	return kept + "…" + catalog.OpenIsolates(kept)
}

// LineLimit is the length of a summary or a one-line text field, in characters.
const LineLimit = 255
