package world

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Property is how an expression may use a property of a resource.
type Property int

// The ways.
const (
	Text     Property = iota + 1 // eq, in, startsWith; ne, not and endsWith as an advanced query
	Flag                         // eq; ne and not as an advanced query
	Moment                       // eq, ge, le
	TextList                     // any with eq
)

// Filter is a $filter that has been read.
type Filter struct {
	Match    func(attribute func(string) []string) bool
	Advanced bool // needs ConsistencyLevel: eventual and $count=true
}

// ParseFilter reads a $filter over a resource's properties.
func ParseFilter(text string, properties map[string]Property) (Filter, error) {
	tokens, err := lex(text)
	if err != nil {
		return Filter{}, err
	}
	p := &filterParser{tokens: tokens, properties: properties}
	match, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("syntax error at %q", p.tokens[0].text)
	}
	return Filter{Match: match, Advanced: p.advanced}, err
}

type token struct {
	text   string
	quoted bool // a string literal, without its quotes
}

// lex cuts an expression up. A quote within a literal is written twice.
func lex(text string) (tokens []token, err error) {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ':
			i++
		case c == '\'':
			literal, n, err := quotedLiteral(text[i:])
			if err != nil {
				return nil, err
			}
			tokens, i = append(tokens, token{literal, true}), i+n
		case strings.IndexByte("(),", c) >= 0:
			tokens, i = append(tokens, token{string(c), false}), i+1
		default:
			end := i
			for end < len(text) && strings.IndexByte(" (),'", text[end]) < 0 {
				end++
			}
			tokens, i = append(tokens, token{text[i:end], false}), end
		}
	}
	return tokens, nil
}

// quotedLiteral reads a literal in quotes, and tells how long it is with them.
func quotedLiteral(text string) (literal string, n int, err error) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != '\'' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return b.String(), i + 1, nil
	}
	return "", 0, errors.New("there is an unterminated string literal")
}

type predicate = func(func(string) []string) bool

type filterParser struct {
	tokens     []token
	properties map[string]Property
	advanced   bool
}

func (p *filterParser) take() (t token) {
	if len(p.tokens) > 0 {
		t, p.tokens = p.tokens[0], p.tokens[1:]
	}
	return t
}

// eat takes a token if it is the one.
func (p *filterParser) eat(text string) bool {
	if len(p.tokens) == 0 || p.tokens[0].quoted || p.tokens[0].text != text {
		return false
	}
	p.take()
	return true
}

func (p *filterParser) or() (predicate, error) {
	left, err := p.and()
	for err == nil && p.eat("or") {
		var right predicate
		before := left
		right, err = p.and()
		left = func(get func(string) []string) bool { return before(get) || right(get) }
	}
	return left, err
}

func (p *filterParser) and() (predicate, error) {
	left, err := p.unary()
	for err == nil && p.eat("and") {
		var right predicate
		before := left
		right, err = p.unary()
		left = func(get func(string) []string) bool { return before(get) && right(get) }
	}
	return left, err
}

func (p *filterParser) unary() (predicate, error) {
	switch {
	case p.eat("not"):
		p.advanced = true
		inner, err := p.unary()
		return func(get func(string) []string) bool { return !inner(get) }, err
	case p.eat("("):
		inner, err := p.or()
		if err == nil && !p.eat(")") {
			err = errors.New("a parenthesis is not closed")
		}
		return inner, err
	}
	return p.comparison()
}

func (p *filterParser) comparison() (predicate, error) {
	name := p.take()
	if list, isAny := strings.CutSuffix(name.text, "/any"); isAny {
		return p.any(list)
	}
	if f := strings.ToLower(name.text); f == "startswith" || f == "endswith" {
		return p.affix(f)
	}
	kind, known := p.properties[name.text]
	if !known || kind == TextList || name.quoted {
		return nil, unsupported(name.text)
	}
	if p.eat("in") {
		return p.in(name.text, kind)
	}
	op, value := p.take().text, p.take()
	return p.compare(name.text, kind, op, value)
}

func unsupported(name string) error {
	return fmt.Errorf("unsupported or invalid query filter clause specified for property '%s'", name)
}

// compare is one property against one value. Text is compared in any letter case, as Entra does.
func (p *filterParser) compare(name string, kind Property, op string, value token) (predicate, error) {
	switch {
	case kind == Text && value.quoted && (op == "eq" || op == "ne"):
		p.advanced = p.advanced || op == "ne"
		return func(get func(string) []string) bool { return has(get(name), value.text) == (op == "eq") }, nil
	case kind == Flag && (value.text == "true" || value.text == "false") && !value.quoted && (op == "eq" || op == "ne"):
		p.advanced = p.advanced || op == "ne"
		return func(get func(string) []string) bool { return has(get(name), value.text) == (op == "eq") }, nil
	case kind == Moment && !value.quoted && (op == "eq" || op == "ge" || op == "le"):
		at, err := time.Parse(time.RFC3339Nano, value.text)
		if err != nil {
			return nil, fmt.Errorf("invalid date/time literal '%s'", value.text)
		}
		return func(get func(string) []string) bool { return compareTimes(get(name), op, at) }, nil
	}
	return nil, unsupported(name)
}

func compareTimes(values []string, op string, at time.Time) bool {
	if len(values) == 0 {
		return false
	}
	t, err := time.Parse(time.RFC3339Nano, values[0])
	return err == nil && (op != "eq" || t.Equal(at)) && (op != "ge" || !t.Before(at)) && (op != "le" || !t.After(at))
}

func has(values []string, value string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, value) })
}

// mostInList is how many values an "in" may name (learn.microsoft.com, "Use the $filter query parameter").
const mostInList = 15

func (p *filterParser) in(name string, kind Property) (predicate, error) {
	var values []string
	if kind != Text || !p.eat("(") {
		return nil, unsupported(name)
	}
	for {
		value := p.take()
		if !value.quoted {
			return nil, unsupported(name)
		}
		if values = append(values, value.text); len(values) > mostInList {
			return nil, fmt.Errorf("too many child clauses specified in search filter expression containing 'OR' operators: %d. Max allowed: %d", len(values), mostInList)
		}
		if p.eat(")") {
			break
		}
		if !p.eat(",") {
			return nil, unsupported(name)
		}
	}
	return func(get func(string) []string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return has(get(name), v) })
	}, nil
}

// affix is startsWith(property,'x') or endsWith(property,'x').
func (p *filterParser) affix(function string) (predicate, error) {
	open, name, comma, value, closed := p.eat("("), p.take(), p.eat(","), p.take(), p.eat(")")
	if !open || !comma || !closed || !value.quoted || p.properties[name.text] != Text {
		return nil, unsupported(name.text)
	}
	p.advanced = p.advanced || function == "endswith"
	test := map[string]func(string, string) bool{"startswith": strings.HasPrefix, "endswith": strings.HasSuffix}[function]
	return func(get func(string) []string) bool {
		return slices.ContainsFunc(get(name.text), func(v string) bool { return test(strings.ToLower(v), strings.ToLower(value.text)) })
	}, nil
}

// any is list/any(x:x eq 'v').
func (p *filterParser) any(list string) (predicate, error) {
	if p.properties[list] != TextList || !p.eat("(") {
		return nil, unsupported(list)
	}
	variable, body, bound := strings.Cut(p.take().text, ":")
	op, value := p.take().text, p.take()
	if !bound || body != variable || op != "eq" || !value.quoted || !p.eat(")") {
		return nil, unsupported(list)
	}
	return func(get func(string) []string) bool { return has(get(list), value.text) }, nil
}
