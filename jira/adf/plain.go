package adf

import (
	"strings"
	"unicode"
)

// Clean drops control characters and those that reverse the direction of what
// follows: with them a text could be read as another one.
func Clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
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
	return strings.TrimSpace(string(r[:limit-1])) + "…"
}

// LineLimit is the length of a summary or a one-line text field, in characters.
const LineLimit = 255
