package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SameLabel compares what people call something, such as a department, in any letter
// case. Letters of ASCII are only equal to each other: Unicode would fold signs such
// as the Kelvin sign into them, and so one label into another.
func SameLabel(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		alike := x != utf8.RuneError && (x < utf8.RuneSelf) == (y < utf8.RuneSelf) && unicode.ToLower(x) == unicode.ToLower(y)
		if a[:n] != b[:m] && !alike {
			return false
		}
		a, b = a[n:], b[m:]
	}
	return a == b
}
