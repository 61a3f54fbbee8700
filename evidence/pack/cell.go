package pack

import (
	"fmt"
	"strings"
	"unicode"
)

// Clean is a text as it may be shown to people: what can't be seen, turns the direction of
// what stands around it, or belongs to no text is written as its number. Nobody's name can
// pass for another one so.
func Clean(text string) string {
	if PlainASCII(text) || !strings.ContainsFunc(text, hidden) && !strings.ContainsRune(text, unicode.ReplacementChar) {
		return text
	}
	var b strings.Builder
	for _, r := range text { // bytes that are no UTF-8 come as U+FFFD
		if hidden(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// PlainASCII reports whether a text has nothing but letters, digits and signs that every
// keyboard has: most have, and nothing else needs to be looked at.
func PlainASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// hidden reports whether a character can't be seen, or moves others. Joiners are seen:
// scripts and emoji need them.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == 0x200c || r == 0x200d:
		return false
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
		return true
	}
	return r == 0x2028 || r == 0x2029
}
