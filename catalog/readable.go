package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What people can't see is one rule for everything that is configured, shown or typed:
// a character that has no look of its own is a fault where it is written down, and is
// left out where it comes from elsewhere; every space is a space.

// Unreadable names the first character of a text that nobody can see, or that was lost
// on the way; "" if there is none.
func Unreadable(text string) string {
	var before rune
	text = strings.ToValidUTF8(text, string(unicode.ReplacementChar))
	for i, r := range text {
		if unseen(r, before, text[i+utf8.RuneLen(r):]) || r == unicode.ReplacementChar {
			return nameOf(r)
		}
		before = r
	}
	return ""
}

// Readable is a text as people see it: without what can't be seen, and with ordinary
// spaces.
func Readable(text string) string {
	if !strings.ContainsFunc(text, suspect) {
		return text
	}
	var out strings.Builder
	var before rune
	text = strings.ToValidUTF8(text, string(unicode.ReplacementChar))
	for i, r := range text {
		switch {
		case unseen(r, before, text[i+utf8.RuneLen(r):]):
			continue
		case r != '\n' && unicode.IsSpace(r):
			r = ' '
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

func suspect(r rune) bool { return r < ' ' || r > '~' }

// Fold is a text as names are compared: as people see it, in one letter case, on one
// line, and with quotes and dashes as a keyboard has them.
func Fold(text string) string {
	text = strings.Join(strings.Fields(Readable(text)), " ")
	return strings.ToLower(strings.Map(plain, text))
}

// Same tells whether two names are one to people.
func Same(a, b string) bool { return Fold(a) == Fold(b) }

func plain(r rune) rune {
	switch {
	case strings.ContainsRune("‘’‚‛ʼ′", r):
		return '\''
	case strings.ContainsRune(`“”„‟″«»`, r):
		return '"'
	case unicode.Is(unicode.Pd, r):
		return '-'
	}
	return r
}

// unseen tells whether a character can't be seen after the one before it. What joins
// the letters of some scripts, or the parts of an emoji, is seen by what it does there.
func unseen(r, before rune, after string) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return false
	case r == '\u200c' || r == '\u200d':
		return !joined(before) || !joined(first(after))
	case r >= 0xe0020 && r <= 0xe007f: // spells which flag it is
		return before != 0x1f3f4 && (before < 0xe0020 || before > 0xe007f)
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp) || blank(r)
}

// blank are letters and signs that look like nothing.
func blank(r rune) bool {
	return strings.ContainsRune("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", r)
}

func joined(r rune) bool {
	return r > 0x7f && !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

func first(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

func nameOf(r rune) string {
	name := "an invisible character"
	switch {
	case r == '\ufeff':
		name = "a byte order mark"
	case r == '\u200b' || r == '\u2060':
		name = "a zero-width space"
	case r == '\u200c' || r == '\u200d':
		name = "an invisible joiner"
	case r == '\u00ad':
		name = "an invisible hyphen"
	case unicode.Is(unicode.Bidi_Control, r):
		name = "an invisible mark that turns the writing direction"
	case r == unicode.ReplacementChar:
		name = "a character that was lost in another encoding"
	case unicode.IsControl(r):
		name = "a control character"
	}
	return fmt.Sprintf("%s (U+%04X)", name, r)
}
