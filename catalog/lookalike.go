package catalog

import (
	"fmt"
	"unicode"
)

// Lookalike tells whether a text has letters of several scripts that look alike, such
// as a Cyrillic а among Latin letters: it may be taken for another one that it isn't.
func Lookalike(text string) bool {
	scripts := []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}
	seen := 0
	for _, s := range scripts {
		for _, r := range text {
			if unicode.Is(s, r) {
				seen++
				break
			}
		}
	}
	return seen > 1
}

// imitations says which letter of some texts only looks like another one; "" if there is none.
func imitations(texts ...string) string {
	for _, text := range texts {
		for _, r := range text {
			if Lookalike(text) && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
				return fmt.Sprintf(" (the %c in %q is %U, which only looks like a letter of the alphabet a-z: type it anew)", r, text, r)
			}
		}
	}
	return ""
}
