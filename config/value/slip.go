package value

import (
	"fmt"
	"regexp"
	"strings"
)

// slip explains an error of the parser, which speaks of grammar: what usually is behind it, where
// that stands, and what to write. It knows its own ones only.
type slip func(broken) (at position, remedy string, known bool)

// broken is where the parser gave up, and what it said.
type broken struct {
	at           position
	line, before string // the text of that line and of the one before it
	message      string
}

// behind says what most likely is behind an error of the parser.
func behind(source string, at position, message string) (position, string) {
	lines := strings.Split(source, "\n")
	if at.line > len(lines) {
		return at, "write one UTF-8 document"
	}
	b := broken{at: at, line: lines[at.line-1], message: message}
	if at.line > 1 {
		b.before = lines[at.line-2]
	}
	if open, text, is := openQuote(lines[:at.line]); is {
		return open, "this quote isn't closed: " + text
	}
	for _, s := range []slip{bareReference, tab, otherSpace, noAnchor, star, sign, apostrophe, colonSpace, colon, quotedStart} {
		if place, remedy, known := s(b); known {
			return place, remedy
		}
	}
	return at, "check the indentation, brackets and quotes here and just above"
}

// from is the rest of the line from a column on.
func (b broken) from(column int) string {
	line := []rune(b.line)
	if column < 1 || column > len(line) {
		return ""
	}
	return string(line[column-1:])
}

var writtenReference = regexp.MustCompile(`\$\{[^}]*\}`)

// bareReference is ${NAME} within { } or [ ].
func bareReference(b broken) (position, string, bool) {
	written := writtenReference.FindString(b.line)
	if written == "" || !strings.ContainsAny(strings.ReplaceAll(b.line, "${", ""), "{[") {
		return b.at, "", false
	}
	if rest := b.from(b.at.column - 1); strings.HasPrefix(rest, "${") {
		b.at.column--
		written = writtenReference.FindString(rest)
	}
	return b.at, fmt.Sprintf("inside { } and [ ] put ${…} in quotes, as in %q", written), true
}

func tab(b broken) (position, string, bool) {
	return b.at, "indent with spaces, not tabs", strings.Contains(b.line, "\t")
}

// strangeSpace is a space of another kind where one of YAML's own has to be.
var strangeSpace = regexp.MustCompile(`^(?:[ -]*(?:[^\s:#"']+:)?)([\x{a0}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}])`)

// otherSpace looks a line above as well: a key without a space after its colon is noticed only there.
func otherSpace(b broken) (position, string, bool) {
	for i, line := range []string{b.line, b.before} {
		if m := strangeSpace.FindStringSubmatchIndex(line); m != nil {
			at := position{b.at.line - i, len([]rune(line[:m[2]])) + 1}
			return at, fmt.Sprintf("the space here is none to YAML (%U): delete it and type it anew", []rune(line[m[2]:])[0]), true
		}
	}
	return b.at, "", false
}

var unknownAnchor = regexp.MustCompile(`unknown anchor '(.+)' referenced`)

func noAnchor(b broken) (position, string, bool) {
	m := unknownAnchor.FindStringSubmatch(b.message)
	if m == nil {
		return b.at, "", false
	}
	return b.at, fmt.Sprintf("*%s stands for what &%s names above, and nothing does; a text that begins with * needs quotes", m[1], m[1]), true
}

// star is a * for everything.
func star(b broken) (position, string, bool) {
	if !strings.Contains(b.message, "while scanning an alias") {
		return b.at, "", false
	}
	if strings.HasPrefix(b.from(b.at.column-1), "*") {
		b.at.column--
	}
	return b.at, "a text that begins with * needs quotes; * stands for everything nowhere here, so leave out what may be anything", true
}

var signed = regexp.MustCompile("^[@`%|>&!][^\\s,\\]}]*")

// sign is a text that begins with a sign that is one of YAML's own.
func sign(b broken) (position, string, bool) {
	text := signed.FindString(b.from(b.at.column))
	dash := strings.HasPrefix(b.from(b.at.column), "- ") && strings.Contains(b.message, "block sequence entries are not allowed")
	if dash {
		return b.at, "a text that begins with - needs quotes", true
	}
	if text == "" || !strings.Contains(b.message, "cannot start any token") {
		return b.at, "", false
	}
	return b.at, fmt.Sprintf("a text that begins with %s needs quotes, as in %q", text[:1], text), true
}

// colon is a text with a colon and a space in it, which make a key of what is before them.
func colon(b broken) (position, string, bool) {
	known := strings.Contains(b.message, "mapping values are not allowed") && strings.Count(b.line, ": ") > 1
	return b.at, "a text with a colon and a space in it needs quotes", known
}

var startsQuoted = regexp.MustCompile(`: +(("[^"]*"|'[^']*') +[^\s,}\]#][^,}\]]*)`)

// quotedStart is a text that begins with a quoted word, which YAML takes for all of it. That is noticed a line below, too.
func quotedStart(b broken) (position, string, bool) {
	for i, line := range []string{b.line, b.before} {
		if m := startsQuoted.FindStringSubmatchIndex(line); m != nil {
			at := position{b.at.line - i, len([]rune(line[:m[2]])) + 1}
			text, other := strings.TrimSpace(line[m[2]:m[3]]), "'"
			if text[:1] == other {
				other = `"`
			}
			return at, "a text that begins with quotes needs others around all of it, as in " + other + text + other, true
		}
	}
	return b.at, "", false
}

var (
	opensQuote  = regexp.MustCompile(`: +("[^"]*)$`)
	noSpace     = regexp.MustCompile(`(?:^|[\s{,])([A-Za-z_]+):[\[{]`)
	apostrophed = regexp.MustCompile(`: +('([^']*'\pL.*)')\s*$`)
)

// openQuote finds a quote above that isn't closed: what YAML reads goes on to the next one.
func openQuote(lines []string) (at position, text string, found bool) {
	for i, line := range lines {
		if m := opensQuote.FindStringSubmatchIndex(line); m != nil && !closedBelow(lines[i+1:]) {
			return position{i + 1, len([]rune(line[:m[2]])) + 1}, line[m[2]:m[3]], true
		}
	}
	return position{}, "", false
}

// closedBelow tells whether a quote that is open is closed by the next one, with nothing behind it.
func closedBelow(lines []string) bool {
	for _, line := range lines {
		if _, rest, found := strings.Cut(line, `"`); found {
			rest = strings.TrimSpace(rest)
			return rest == "" || strings.ContainsAny(rest[:1], "#,]}")
		}
	}
	return false
}

func colonSpace(b broken) (position, string, bool) {
	for i, line := range []string{b.line, b.before} {
		if m := noSpace.FindStringSubmatchIndex(line); m != nil {
			at := position{b.at.line - i, len([]rune(line[:m[2]])) + 1}
			return at, "a key needs a space behind its colon: write " + line[m[2]:m[3]] + ": " + line[m[1]-1:m[1]], true
		}
	}
	return b.at, "", false
}

func apostrophe(b broken) (position, string, bool) {
	m := apostrophed.FindStringSubmatchIndex(b.line)
	if m == nil {
		return b.at, "", false
	}
	return position{b.at.line, len([]rune(b.line[:m[2]])) + 1}, fmt.Sprintf("an apostrophe ends a text in '…': write \"%s\" in place of %s", b.line[m[4]:m[5]], b.line[m[2]:m[3]]), true
}
