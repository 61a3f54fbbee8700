package expression

import (
	"fmt"
	"regexp"
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
		if m := unknownName.FindStringSubmatch(p.Text); m != nil && p.Column <= len(written) && strings.HasSuffix(string(written[:p.Column-1]), m[2]) {
			p.Column -= len([]rune(m[2])) // the name, not the bracket behind it
		}
		if grammar := strings.HasPrefix(p.Text, "Syntax error"); grammar {
			p.Text += token(p.Text)
			return []Problem{p}
		}
		if said, is := operands(p.Text, string(written), p.Column); is {
			p.Text = said
		}
		p.Text = noSuch(p.Text)
		out = append(out, p)
	}
	return out
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

// token says what is written for a sign or a word of another language.
func token(problem string) string {
	for _, one := range [...]struct{ theirs, ours string }{{"=", "=="}, {"&", "&&"}, {"|", "||"}, {"and", "&&"}, {"AND", "&&"}, {"or", "||"}, {"OR", "||"}, {"not", "!"}, {"NOT", "!"}} {
		for _, form := range []string{"at: '" + one.theirs, "input '" + one.theirs} {
			if _, rest, found := strings.Cut(problem, form); found && strings.HasPrefix(strings.TrimLeft(rest, " "), "'") {
				return ": write " + one.ours
			}
		}
	}
	return ""
}

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

var unknownName = regexp.MustCompile(`^(undeclared reference to|undefined field) '([^']+)'`)

// noSuch says of a name that there isn't what was most likely meant by it.
func noSuch(problem string) string {
	m := unknownName.FindStringSubmatch(problem)
	if m == nil {
		return problem
	}
	attribute, name := m[1] == "undefined field", m[2]
	what, words := "name or function", namesLike(attribute)
	if attribute {
		what = "attribute"
	}
	if near := catalog.Nearest(name, append(words, functions()...)); near != "" && near != name {
		return fmt.Sprintf("there is no %s %q: did you mean %s?", what, name, near)
	}
	return fmt.Sprintf("there is no %s %q: known are %s", what, name, strings.Join(words, ", "))
}

// functions are those that are misspelt most easily.
func functions() []string {
	return []string{"contains", "startsWith", "endsWith", "matches", "size", "duration", "exists", "lowerAscii", "upperAscii"}
}
