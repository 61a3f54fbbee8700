package world

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span reads inline wiki markup.
type span struct {
	src string
	out []node
	buf strings.Builder
}

func wikiSpan(s string) []node {
	sp := &span{src: s}
	prev := ' '
	for sp.src != "" {
		r, size := utf8.DecodeRuneInString(sp.src)
		if !sp.markup(r, prev) {
			sp.buf.WriteString(sp.src[:size])
			sp.src = sp.src[size:]
		}
		prev = r
	}
	sp.flush()
	return sp.out
}

func (sp *span) flush() {
	sp.out = append(sp.out, textNodes(sp.buf.String())...)
	sp.buf.Reset()
}

// markup consumes one markup element at the start of the source, if there is
// one there.
func (sp *span) markup(r, prev rune) bool {
	switch r {
	case '\\':
		return sp.escape()
	case '*':
		return sp.mark("strong", "*", prev)
	case '_':
		return sp.mark("em", "_", prev)
	case '{':
		return sp.mono()
	case '[':
		return sp.bracket()
	}
	return false
}

func (sp *span) escape() bool {
	if len(sp.src) < 2 {
		return false
	}
	r, size := utf8.DecodeRuneInString(sp.src[1:])
	if !unicode.IsPunct(r) && !unicode.IsSymbol(r) {
		return false
	}
	sp.buf.WriteString(sp.src[1 : 1+size])
	sp.src = sp.src[1+size:]
	return true
}

func (sp *span) mark(kind, delim string, prev rune) bool {
	if unicode.IsLetter(prev) || unicode.IsDigit(prev) {
		return false
	}
	end := closing(sp.src[1:], delim)
	if end <= 0 || sp.src[1] == ' ' || sp.src[end] == ' ' {
		return false
	}
	inner := wikiUnescape(sp.src[1 : 1+end])
	sp.push(node{Type: "text", Text: inner, Marks: []mark{{Type: kind}}}, end+2)
	return true
}

// closing finds delim outside of escapes; -1 when there is none.
func closing(s, delim string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], delim):
			return i
		}
	}
	return -1
}

func (sp *span) mono() bool {
	body, ok := strings.CutPrefix(sp.src, "{{")
	end := closing(body, "}}")
	if !ok || end <= 0 {
		return false
	}
	sp.push(node{Type: "text", Text: wikiUnescape(body[:end]), Marks: []mark{{Type: "code"}}}, end+4)
	return true
}

func (sp *span) bracket() bool {
	end := closing(sp.src[1:], "]")
	if end <= 0 {
		return false
	}
	inner := sp.src[1 : 1+end]
	if id, ok := strings.CutPrefix(inner, "~accountid:"); ok {
		sp.push(node{Type: "mention", Attrs: map[string]any{"id": id, "text": "@" + id}}, end+2)
		return true
	}
	label, url := inner, inner
	if bar := closing(inner, "|"); bar > 0 {
		label, url = inner[:bar], inner[bar+1:]
	}
	if !strings.Contains(url, "://") && !strings.HasPrefix(url, "mailto:") {
		return false
	}
	link := mark{Type: "link", Attrs: map[string]any{"href": url}}
	sp.push(node{Type: "text", Text: wikiUnescape(label), Marks: []mark{link}}, end+2)
	return true
}

func (sp *span) push(n node, size int) {
	sp.flush()
	sp.out = append(sp.out, n)
	sp.src = sp.src[size:]
}

func wikiUnescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
