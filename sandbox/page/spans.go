package page

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spans draws what is within a line of markup.
type spans struct {
	*drawing
	verbatim bool   // addresses and names are not made into links
	plain    []byte // text that waits to be written
}

// draw draws a piece of a line.
func (p *spans) draw(s string) {
	none := map[byte]bool{} // marks of which no second one comes any more
	for i := 0; i < len(s); {
		length := p.span(s, i, none)
		if length == 0 {
			p.plain = append(p.plain, s[i])
			length = 1
		}
		i += length
	}
	p.flush()
}

// flush writes the text that waits.
func (p *spans) flush() {
	p.withEmoji(entities(string(p.plain)))
	p.plain = nil
}

// span draws what begins at a place, if it is more than text, and tells how long it is.
func (p *spans) span(s string, at int, none map[byte]bool) int {
	switch c := s[at]; c {
	case '<':
		if length := controlAt(s[at:]); length > 0 {
			p.flush()
			p.control(s[at+1 : at+length-1])
			return length
		}
	case '`', '*', '_', '~':
		if end := p.closing(s, at, none); end > 0 {
			p.flush()
			p.marked(c, s[at+1:end])
			return end - at + 1
		}
	case 'h':
		if length := p.address(s, at); length > 0 {
			p.flush()
			url := entities(s[at : at+length])
			p.link(url, func() { p.text(url) })
			return length
		}
	}
	return 0
}

// marked draws what stands between two marks.
func (p *spans) marked(mark byte, inner string) {
	if mark == '`' {
		p.say("code", "", readable(inner))
		return
	}
	tag := map[byte]string{'*': "strong", '_': "em", '~': "s"}[mark]
	p.in(tag, "", func() { (&spans{drawing: p.drawing, verbatim: p.verbatim}).draw(inner) })
}

// closing is where the second mark of a pair stands; 0 if the first one is only text. A pair
// stands around something, at the borders of words.
func (p *spans) closing(s string, at int, none map[byte]bool) int {
	mark := s[at]
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	if none[mark] || at > 0 && letter(before) || at+1 >= len(s) || s[at+1] == mark || mark != '`' && s[at+1] == ' ' {
		return 0
	}
	for i := at + 1; i < len(s); i++ {
		if s[i] == '<' && mark != '`' {
			if length := controlAt(s[i:]); length > 0 {
				i += length - 1
			}
			continue
		}
		if s[i] != mark || i == at+1 || mark != '`' && s[i-1] == ' ' {
			continue
		}
		if after, _ := utf8.DecodeRuneInString(s[i+1:]); i+1 == len(s) || !letter(after) {
			return i
		}
	}
	none[mark] = true
	return 0
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// address is how long the address of a page is that stands in a text as it is.
func (p *spans) address(s string, at int) int {
	rest := s[at:]
	if p.verbatim || !strings.HasPrefix(rest, "https://") && !strings.HasPrefix(rest, "http://") {
		return 0
	}
	if before, _ := utf8.DecodeLastRuneInString(s[:at]); at > 0 && letter(before) {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>|*`\"", r) })
	if end < 0 {
		end = len(rest)
	}
	return len(strings.TrimRight(rest[:end], ".,:;!?)'_~"))
}
