package catalog

import "unicode"

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
