package blocks

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"latchkey/catalog"
)

const (
	joiner  = '\u200d'
	isolate = "\u2068" // begins what stands apart from the sentence around it
)

// Clip cuts s to at most n UTF-16 units, which is the strictest way to count
// characters, and never through an emoji or an accented letter.
func Clip(s string, n int) string {
	return cut(Clean(s), n, func(r rune) string { return string(r) })
}

// Escape makes text of people safe inside mrkdwn and cuts the result to n units.
// Slack decodes exactly these three entities (docs.slack.dev, "Formatting
// message text").
//
// What is written from right to left stands apart from the words around it.
func Escape(s string, n int) string {
	s = OneLine(Clean(s))
	if around := Units(catalog.Isolated(s)) - Units(s); around > 0 {
		return catalog.Isolated(cut(s, n-around, entity))
	}
	return cut(s, n, entity)
}

// Quote is esc over several lines, set off as a quotation.
func Quote(s string, n int) string {
	return "> " + cut(strings.TrimSpace(Clean(s)), n-2, func(r rune) string {
		if r == '\n' {
			return "\n> "
		}
		return entity(r)
	})
}

func entity(r rune) string {
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

// OneLine puts a text into one line, with single spaces.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Clean is a text as people see it: without control characters, without what can't be
// seen, and with it the overrides of writing direction by which a name could rearrange
// the words around it.
func Clean(s string) string {
	return catalog.Sentence(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n"))
}

// cut writes s rune by rune and stops, with an ellipsis, before n units are exceeded. A part
// that is isolated ends where it is cut.
func cut(s string, n int, write func(rune) string) string {
	runes, room := []rune(s), n-1-strings.Count(s, isolate)
	pieces := make([]string, len(runes))
	total, fits := 0, 0
	for i, r := range runes {
		pieces[i] = write(r)
		total += Units(pieces[i])
		if total <= room {
			fits = i + 1
		}
	}
	if total <= n {
		return strings.Join(pieces, "")
	}
	for fits > 0 && (extends(runes[fits]) || runes[fits-1] == joiner) {
		fits--
	}
	kept := strings.TrimRightFunc(strings.Join(pieces[:fits], ""), unicode.IsSpace)
	return kept + "…" + catalog.OpenIsolates(kept)
}

// extends tells whether r belongs to the character before it.
func extends(r rune) bool {
	return r == joiner || unicode.Is(unicode.M, r) || r >= 0x1f3fb && r <= 0x1f3ff
}

// Units counts characters as UTF-16 does, which is how Slack counts at the strictest.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// maxAddress is the longest address that is linked. What is longer was not made
// by Jira or Slack.
const maxAddress = 400

// Link is a text with a link behind it, where the address is one.
func Link(address, text string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(u.String()) > maxAddress {
		return Escape(text, MaxName)
	}
	return "<" + strings.ReplaceAll(cut(OneLine(Clean(u.String())), 5*maxAddress, entity), "|", "%7C") + "|" + strings.ReplaceAll(Escape(text, MaxName), "|", "/") + ">"
}
