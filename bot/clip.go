package bot

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

const joiner = '\u200d'

// clip cuts s to at most n UTF-16 units, which is the strictest way to count
// characters, and never through an emoji or an accented letter.
func clip(s string, n int) string {
	return cut(clean(s), n, func(r rune) string { return string(r) })
}

// esc makes text of people safe inside mrkdwn and cuts the result to n units.
// Slack decodes exactly these three entities (docs.slack.dev, "Formatting
// message text").
func esc(s string, n int) string { return cut(oneLine(clean(s)), n, escape) }

// quote is esc over several lines, set off as a quotation.
func quote(s string, n int) string {
	return "> " + cut(strings.TrimSpace(clean(s)), n-2, func(r rune) string {
		if r == '\n' {
			return "\n> "
		}
		return escape(r)
	})
}

func escape(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return string(r)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// clean drops control characters, and with them the overrides of writing
// direction by which a name could rearrange the words around it.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}

// cut writes s rune by rune and stops, with an ellipsis, before n units are exceeded.
func cut(s string, n int, write func(rune) string) string {
	runes := []rune(s)
	pieces := make([]string, len(runes))
	total, fits := 0, 0
	for i, r := range runes {
		pieces[i] = write(r)
		total += units(pieces[i])
		if total <= n-1 {
			fits = i + 1
		}
	}
	if total <= n {
		return strings.Join(pieces, "")
	}
	for fits > 0 && (extends(runes[fits]) || runes[fits-1] == joiner) {
		fits--
	}
	return strings.TrimRightFunc(strings.Join(pieces[:fits], ""), unicode.IsSpace) + "…"
}

// extends tells whether r belongs to the character before it.
func extends(r rune) bool {
	return r == joiner || unicode.Is(unicode.M, r) || r >= 0x1f3fb && r <= 0x1f3ff
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
