package expression

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"

	"latchkey/catalog"
)

// Problem is what is wrong with an expression.
type Problem struct {
	Line, Column int // within the expression, from 1; 0: as a whole
	Text         string
}

func whole(format string, args ...any) []Problem {
	return []Problem{{Text: "the expression " + fmt.Sprintf(format, args...)}}
}

func at(where common.Location, format string, args ...any) Problem {
	return Problem{Line: where.Line(), Column: max(where.Column()+1, 1), Text: fmt.Sprintf(format, args...)}
}

// problems are what the compiler says, in the words of who wrote the expression. Of what isn't grammar only the
// first is told: the others follow of it.
func problems(expression string, issues *cel.Issues) (out []Problem) {
	for _, e := range issues.Errors() {
		p := at(e.Location, "%s", plainly(e.Message))
		written := line(expression, p.Line)
		if p.Column <= len(written) && written[p.Column-1] == '.' {
			p.Column++ // the name, not the dot before it
		}
		p.Column -= bracket(p.Text, written, p.Column) // the name, not the bracket behind it
		if grammar := strings.HasPrefix(p.Text, "Syntax error"); grammar {
			p.Text += token(p.Text, string(written))
			return []Problem{p}
		}
		p.Text = reworded(p.Text, string(written), p.Column)
		out = append(out, p)
	}
	return out
}

// bracket is how far before a bracket the name of the function stands that a problem is about.
func bracket(problem string, written []rune, column int) int {
	for _, m := range [][]string{unknownName.FindStringSubmatch(problem), noCall.FindStringSubmatch(problem)} {
		if m != nil && column <= len(written) && written[column-1] == '(' && strings.HasSuffix(string(written[:column-1]), m[1]) {
			return len([]rune(m[1]))
		}
	}
	return 0
}

func plainly(message string) string {
	return strings.ReplaceAll(strings.ReplaceAll(message, " (in container '')", ""), "'expression.", "'")
}

func line(expression string, number int) []rune {
	lines := strings.Split(expression, "\n")
	if number < 1 || number > len(lines) {
		return nil
	}
	return []rune(lines[number-1])
}

// reworded says a problem that isn't one of grammar as whoever writes conditions would.
func reworded(problem, written string, column int) string {
	for _, one := range []func(problem, written string, column int) (string, bool){operands, called, behindText, noSuch} {
		if said, is := one(problem, written, column); is {
			return said
		}
	}
	return problem
}

// token says what is written for a sign or a word of another language.
func token(problem, written string) string {
	if m := bareTime.FindStringSubmatch(written); m != nil && strings.Contains(problem, "'"+m[2]+"'") {
		return ": write " + durationOf(m[1])
	}
	if notWord.MatchString(written) {
		return ": write ! in place of not"
	}
	for _, one := range [...]struct{ theirs, ours string }{{"=", "=="}, {"&", "&&"}, {"|", "||"}, {"and", "&&"}, {"AND", "&&"}, {"or", "||"}, {"OR", "||"}, {"not", "!"}, {"NOT", "!"}, {"is", "=="}, {"<>", "!="}, {"“", "straight quotes"}, {"‘", "straight quotes"}} {
		for _, form := range []string{"at: '" + one.theirs, "input '" + one.theirs} {
			if _, rest, found := strings.Cut(problem, form); found && strings.HasPrefix(strings.TrimLeft(rest, " "), "'") {
				return ": write " + one.ours
			}
		}
	}
	return ""
}

var (
	bareTime = regexp.MustCompile(`(?:^|[\s(<>=])([0-9]+([smhdw]))\b`)
	notWord  = regexp.MustCompile(`(?i)(^|[\s(])not\s`)
)

var noOverload = regexp.MustCompile(`^found no matching overload for '_([^_']+)_' applied to '\(([^,]+), ([^)]+)\)'`)

// operands says in words that two things don't go together, and how what is written beside the sign would be.
func operands(problem, written string, column int) (string, bool) {
	m := noOverload.FindStringSubmatch(problem)
	if m == nil {
		return "", false
	}
	sign, left, right := m[1], m[2], m[3]
	said := fmt.Sprintf("%s doesn't go with %s and %s", sign, inPlain(left), inPlain(right))
	runes := []rune(written)
	if column > len(runes) {
		return said, true
	}
	before, after := string(runes[:column-1]), string(runes[column-1:])
	after = strings.TrimPrefix(after, sign)
	if lit := literalAfter.FindStringSubmatch(after); lit != nil {
		said += instead(lit[1], right, left)
	} else if lit := literalBefore.FindStringSubmatch(before); lit != nil {
		said += instead(lit[1], left, right)
	}
	if m := percentage.FindStringSubmatch(written); m != nil {
		said = fmt.Sprintf("%s doesn't go with peers.share, which is from 0 to 1, and %s: write %s", sign, m[1], share(m[1]))
	}
	return said, true
}

var (
	literalAfter  = regexp.MustCompile(`^\s*("[^"]*"|'[^']*'|-?[0-9.]+)`)
	literalBefore = regexp.MustCompile(`("[^"]*"|'[^']*'|[0-9.]+)\s*$`)
)

// instead says how a literal is written where something else is wanted.
func instead(literal, is, wanted string) string {
	bare := strings.Trim(literal, `"'`)
	switch {
	case wanted == "duration" && is == "string":
		return ": write " + durationOf(bare)
	case wanted == "duration":
		return ": a time is written as in " + durationOf("8h")
	case strings.HasPrefix(wanted, "list(") && is == "string":
		return fmt.Sprintf(": write %q in …, before the list", bare)
	case wanted == "double" && is == "int":
		return fmt.Sprintf(": write %s.0", literal)
	case wanted == "int" && is == "double":
		return ": write a whole number"
	case (wanted == "int" || wanted == "double" || wanted == "bool") && is == "string":
		return fmt.Sprintf(": write %s, without quotes", bare)
	case wanted == "string":
		return fmt.Sprintf(": write %q, in quotes", bare)
	}
	return ""
}

// durationOf is how a time is written in an expression, which knows no days.
func durationOf(text string) string {
	d, err := catalog.ParseDuration(text)
	switch {
	case err != nil || d == catalog.Forever:
		return `duration("8h"), in hours, minutes and seconds`
	case d%time.Hour == 0:
		return fmt.Sprintf(`duration("%dh")`, d/time.Hour)
	}
	return fmt.Sprintf("duration(%q)", d)
}

// inPlain is a type in words.
func inPlain(kind string) string {
	words := map[string]string{"duration": "a time", "string": "a text", "int": "a whole number", "double": "a number with a point", "bool": "what is true or false", "list(string)": "a list of texts"}
	if w, known := words[kind]; known {
		return w
	}
	return kind
}

var unknownName = regexp.MustCompile(`^(?:undeclared reference to|undefined field) '([^']+)'`)

// noSuch says of a name that there isn't what was most likely meant by it.
func noSuch(problem, written string, column int) (string, bool) {
	m := unknownName.FindStringSubmatch(problem)
	if m == nil {
		return "", false
	}
	what, name, otherwise := "name or function", m[1], "; a text needs quotes"
	words := namesOf("")
	if strings.HasPrefix(problem, "undefined field") {
		what, otherwise, words = "attribute", "", namesOf(before(written, column))
	}
	if near := catalog.Nearest(name, append(words, functions()...)); near != "" && near != name {
		return fmt.Sprintf("there is no %s %q: did you mean %s?", what, name, near), true
	}
	return fmt.Sprintf("there is no %s %q: known are %s%s", what, name, strings.Join(words, ", "), otherwise), true
}

var lastName = regexp.MustCompile(`(\w+)\.$`)

// before is the name whose attribute stands at a place.
func before(written string, column int) string {
	runes := []rune(written)
	if m := lastName.FindStringSubmatch(string(runes[:min(max(column-1, 0), len(runes))])); m != nil {
		return m[1]
	}
	return ""
}

var (
	noCall     = regexp.MustCompile(`^found no matching overload for '(\w+)' applied to '(?:(.+)\.)?\((.*)\)'`)
	percentage = regexp.MustCompile(`peers\.share *[<>=!]+ *([0-9]+)\b`)
)

// called says of a function that it isn't one of what it is called with.
func called(problem, _ string, _ int) (string, bool) {
	m := noCall.FindStringSubmatch(problem)
	switch {
	case m == nil:
		return "", false
	case m[1] == "duration":
		return "duration is made of a text: write " + durationOf("8h"), true
	case m[1] == "contains" && strings.HasPrefix(m[2], "list("):
		return `contains is asked of a text, and this is a list: write "…" in, before it`, true
	case m[2] != "":
		return fmt.Sprintf("%s can't be asked of %s with (%s)", m[1], inPlain(m[2]), inPlain(m[3])), true
	}
	return fmt.Sprintf("%s can't be made of (%s)", m[1], inPlain(m[3])), true
}

var firstName = regexp.MustCompile(`^\w*`)

// behindText says that a text has no attributes: a manager, for example, is an address.
func behindText(problem, written string, column int) (string, bool) {
	if !strings.Contains(problem, "'string' does not support field selection") {
		return "", false
	}
	runes := []rune(written)
	name := firstName.FindString(string(runes[min(column-1, len(runes)):]))
	return fmt.Sprintf("there is nothing behind a text, so no %q either: a manager, for example, is an address", name), true
}

// share is a percentage as a share.
func share(percent string) string {
	n, _ := strconv.ParseFloat(percent, 64)
	if n <= 1 {
		return percent + ".0"
	}
	return strconv.FormatFloat(n/100, 'f', -1, 64)
}

// functions are those that are misspelt most easily.
func functions() []string {
	return []string{"contains", "startsWith", "endsWith", "matches", "size", "duration", "exists", "lowerAscii", "upperAscii"}
}
