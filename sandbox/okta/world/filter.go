package world

import (
	"fmt"
	"slices"
	"strings"
)

// A dialect is what one endpoint's filter or search expressions may say. Okta's dialects differ in
// attributes, operators and the letter case of values; none knows "ne" for users and groups.
type Dialect struct {
	attributes []string // exact names; one that ends with "." allows everything below it
	operators  []string
	foldCase   bool // compare values without regard to letter case
}

// TimeLayout is how Okta writes a time.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// SearchUsers is what a search of accounts may say.
func SearchUsers() Dialect {
	return Dialect{
		attributes: []string{"profile.", "id", "status", "created", "statusChanged", "lastUpdated"},
		operators:  []string{"eq", "sw", "co", "gt", "ge", "lt", "le", "pr"}, foldCase: true,
	}
}

// FilterUsers is what a filter of accounts may say.
func FilterUsers() Dialect {
	return Dialect{
		attributes: []string{"status", "lastUpdated", "id", "profile.login", "profile.email", "profile.firstName", "profile.lastName"},
		operators:  []string{"eq", "gt", "ge", "lt", "le"},
	}
}

// SearchGroups is what a search of groups may say.
func SearchGroups() Dialect {
	return Dialect{
		attributes: []string{"profile.", "id", "type", "created", "lastUpdated", "lastMembershipUpdated"},
		operators:  []string{"eq", "sw", "co", "gt", "ge", "lt", "le", "pr"}, foldCase: true,
	}
}

// FilterGroups is what a filter of groups may say.
func FilterGroups() Dialect {
	return Dialect{
		attributes: []string{"id", "type", "lastUpdated", "lastMembershipUpdated"},
		operators:  []string{"eq", "gt", "ge", "lt", "le"},
	}
}

// FilterApps is what a filter of applications may say.
func FilterApps() Dialect {
	return Dialect{attributes: []string{"id", "status", "name"}, operators: []string{"eq"}}
}

// FilterLogs is what a filter of the System Log may say.
func FilterLogs() Dialect {
	return Dialect{
		attributes: []string{"eventType", "outcome.result", "actor.id", "actor.alternateId", "target.id", "target.type", "uuid", "severity"},
		operators:  []string{"eq", "ne", "sw", "co", "ew", "pr"}, foldCase: true,
	}
}

// Attributes gives the values that an item has under a name; several for repeated properties.
type Attributes func(name string) []string

// Predicate tells whether an item fits an expression.
type Predicate func(Attributes) bool

// ParseFilter compiles an expression: comparisons joined by and/or, with parentheses; "and" binds closer.
func ParseFilter(expression string, d Dialect) (Predicate, error) {
	tokens, err := lex(expression)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens, dialect: d}
	match, err := p.either()
	if err == nil && p.at < len(tokens) {
		err = fmt.Errorf("unexpected %q", tokens[p.at])
	}
	return match, err
}

type parser struct {
	tokens  []string
	at      int
	dialect Dialect
}

func (p *parser) peek() string {
	if p.at == len(p.tokens) {
		return ""
	}
	return p.tokens[p.at]
}

func (p *parser) take() string {
	t := p.peek()
	if t != "" {
		p.at++
	}
	return t
}

func (p *parser) either() (Predicate, error) {
	left, err := p.both()
	for err == nil && strings.EqualFold(p.peek(), "or") {
		p.take()
		var right Predicate
		if right, err = p.both(); err == nil {
			a := left
			left = func(of Attributes) bool { return a(of) || right(of) }
		}
	}
	return left, err
}

func (p *parser) both() (Predicate, error) {
	left, err := p.term()
	for err == nil && strings.EqualFold(p.peek(), "and") {
		p.take()
		var right Predicate
		if right, err = p.term(); err == nil {
			a := left
			left = func(of Attributes) bool { return a(of) && right(of) }
		}
	}
	return left, err
}

func (p *parser) term() (Predicate, error) {
	if p.peek() != "(" {
		return p.comparison()
	}
	p.take()
	inner, err := p.either()
	if err == nil && p.take() != ")" {
		err = fmt.Errorf("missing )")
	}
	return inner, err
}

func (p *parser) comparison() (Predicate, error) {
	name, op := p.take(), p.take()
	if !p.dialect.knows(name) {
		return nil, fmt.Errorf("unknown attribute %q", name)
	}
	if !slices.Contains(p.dialect.operators, op) {
		return nil, fmt.Errorf("unknown operator %q", op)
	}
	if op == "pr" {
		return func(of Attributes) bool { return len(of(name)) > 0 }, nil
	}
	if op == "co" && !p.dialect.contains(name) {
		return nil, fmt.Errorf("%q does not support co", name)
	}
	value, err := unquote(p.take())
	if err != nil {
		return nil, err
	}
	return p.dialect.compare(name, op, value), nil
}

func (d Dialect) knows(name string) bool {
	for _, a := range d.attributes {
		if a == name || strings.HasSuffix(a, ".") && strings.HasPrefix(name, a) && len(name) > len(a) {
			return true
		}
	}
	return false
}

// contains tells whether "co" may be used: user search has it for four attributes only.
func (d Dialect) contains(name string) bool {
	if !slices.Contains(d.attributes, "statusChanged") {
		return true
	}
	return slices.Contains([]string{"profile.firstName", "profile.lastName", "profile.email", "profile.login"}, name)
}

func (d Dialect) compare(name, op, want string) Predicate {
	fold := func(s string) string { return s }
	if d.foldCase {
		fold = strings.ToLower
	}
	want = fold(want)
	test := comparators()[op]
	return func(of Attributes) bool {
		values := of(name)
		if op == "ne" {
			return !slices.ContainsFunc(values, func(v string) bool { return fold(v) == want })
		}
		return slices.ContainsFunc(values, func(v string) bool { return test(fold(v), want) })
	}
}

func comparators() map[string]func(have, want string) bool {
	return map[string]func(have, want string) bool{
		"eq": func(a, b string) bool { return a == b },
		"sw": strings.HasPrefix,
		"ew": strings.HasSuffix,
		"co": strings.Contains,
		"gt": func(a, b string) bool { return a > b },
		"ge": func(a, b string) bool { return a >= b },
		"lt": func(a, b string) bool { return a < b },
		"le": func(a, b string) bool { return a <= b },
	}
}

func unquote(token string) (string, error) {
	if len(token) < 2 || token[0] != '"' {
		return "", fmt.Errorf("%q is not a quoted value", token)
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(token[1 : len(token)-1]), nil
}

// lex splits an expression into words, parentheses and quoted values (with their quotes).
func lex(expression string) ([]string, error) {
	var tokens []string
	for rest := strings.TrimLeft(expression, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		n := 1
		switch rest[0] {
		case '(', ')':
		case '"':
			if n = quoted(rest); n == 0 {
				return nil, fmt.Errorf("a quoted value does not end")
			}
		default:
			if n = strings.IndexAny(rest, ` ()"`); n < 0 {
				n = len(rest)
			}
		}
		tokens, rest = append(tokens, rest[:n]), rest[n:]
	}
	if len(tokens) == 0 {
		return nil, fmt.Errorf("the expression is empty")
	}
	return tokens, nil
}

// quoted is the length of the quoted value that s begins with, 0 if it does not end.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
