package world

import (
	"fmt"
	"strings"
	"unicode"
)

type tokenKind int

const (
	tokEnd tokenKind = iota
	tokWord
	tokString
	tokSymbol
)

type token struct {
	kind tokenKind
	text string
	at   int
}

func (t token) is(word string) bool { return t.kind == tokWord && strings.EqualFold(t.text, word) }

func (t token) symbol(s string) bool { return t.kind == tokSymbol && t.text == s }

func jqlError(format string, args ...any) *Refusal {
	return invalid("Error in the JQL Query: %s", fmt.Sprintf(format, args...))
}

// lex splits JQL into words, quoted strings and symbols.
func lex(src string) ([]token, error) {
	l := &lexer{src: []rune(src)}
	for l.skipSpace(); l.pos < len(l.src); l.skipSpace() {
		if err := l.token(); err != nil {
			return nil, err
		}
	}
	return append(l.out, token{kind: tokEnd, at: l.pos}), nil
}

type lexer struct {
	src []rune
	pos int
	out []token
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.src) && unicode.IsSpace(l.src[l.pos]) {
		l.pos++
	}
}

func (l *lexer) token() error {
	r := l.src[l.pos]
	switch {
	case r == '"' || r == '\'':
		return l.quoted(r)
	case strings.ContainsRune("()=,!<>~[]", r):
		l.symbol()
		return nil
	case wordRune(r):
		l.word()
		return nil
	}
	return jqlError("The character '%c' is a reserved JQL character. You must enclose it in a string or use the escape '\\u%04x' instead. (line 1, character %d)", r, r, l.pos+1)
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.:/", r)
}

func (l *lexer) word() {
	start := l.pos
	for l.pos < len(l.src) && wordRune(l.src[l.pos]) {
		l.pos++
	}
	l.out = append(l.out, token{tokWord, string(l.src[start:l.pos]), start})
}

func (l *lexer) symbol() {
	start, two := l.pos, ""
	if l.pos+1 < len(l.src) {
		two = string(l.src[l.pos : l.pos+2])
	}
	l.pos++
	switch two {
	case "!=", "<=", ">=", "!~":
		l.pos++
	}
	l.out = append(l.out, token{tokSymbol, string(l.src[start:l.pos]), start})
}

func (l *lexer) quoted(quote rune) error {
	start := l.pos
	var b strings.Builder
	for l.pos++; l.pos < len(l.src); l.pos++ {
		switch r := l.src[l.pos]; r {
		case quote:
			l.pos++
			l.out = append(l.out, token{tokString, b.String(), start})
			return nil
		case '\\':
			l.pos++
			if l.pos >= len(l.src) || !l.escaped(&b) {
				return jqlError("'\\' is an illegal JQL escape sequence. (line 1, character %d)", l.pos)
			}
		default:
			b.WriteRune(r)
		}
	}
	return jqlError("The quoted string '%s' has not been completed. (line 1, character %d)", b.String(), start+1)
}

func (l *lexer) escaped(b *strings.Builder) bool {
	switch r := l.src[l.pos]; r {
	case '"', '\'', '\\', ' ':
		b.WriteRune(r)
	case 'n':
		b.WriteRune('\n')
	case 't':
		b.WriteRune('\t')
	default:
		return false
	}
	return true
}
