package catalog

import (
	"strings"
	"unicode"
)

// What keeps a text apart from the sentence around it, whatever direction each is written
// in (Unicode Standard Annex 9: first strong isolate, pop directional isolate).
const (
	isolate = "\u2068"
	closing = "\u2069"
)

// Isolated is a name, or what somebody wrote, as it stands within a sentence: one that is
// written from right to left doesn't put the words around it into another order.
func Isolated(text string) string {
	if !strings.ContainsFunc(text, rightToLeft) {
		return text
	}
	return isolate + text + closing
}

func rightToLeft(r rune) bool {
	return r >= 0x590 && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam)
}

// Sentence is [Readable] of a text that may hold isolated parts, which stay isolated: unless
// one of them is open, and would reach into what follows.
func Sentence(text string) string {
	if !Isolates(text) {
		return Readable(text)
	}
	var out strings.Builder
	for {
		at := strings.IndexAny(text, isolate+closing)
		if at < 0 {
			out.WriteString(Readable(text))
			return out.String()
		}
		out.WriteString(Readable(text[:at]))
		out.WriteString(text[at : at+len(isolate)])
		text = text[at+len(isolate):]
	}
}

// Isolates tells whether a text holds isolated parts, and each of them ends.
func Isolates(text string) bool {
	if !strings.Contains(text, isolate) {
		return false
	}
	open := 0
	for _, r := range text {
		switch string(r) {
		case isolate:
			open++
		case closing:
			if open--; open < 0 {
				return false
			}
		}
	}
	return open == 0
}

// OpenIsolates is what ends the isolated parts of a text that was cut.
func OpenIsolates(text string) string {
	return strings.Repeat(closing, max(0, strings.Count(text, isolate)-strings.Count(text, closing)))
}
