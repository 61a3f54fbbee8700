package page

import (
	"html"
	"strings"
	"unicode/utf8"
)

// HTML is a piece of a page that this package wrote.
type HTML string

// writer writes HTML. Tags and the names of attributes are this package's own; texts and
// values are escaped here and nowhere else.
type writer struct{ b strings.Builder }

// in writes an element with something in it. Attributes are names and values in turn; one
// whose value is empty is left out.
func (w *writer) in(tag, class string, fill func(), attributes ...string) {
	w.tag(tag, class, attributes, ">")
	fill()
	w.b.WriteString("</" + tag + ">")
}

// void writes an element that can't have anything in it.
func (w *writer) void(tag, class string, attributes ...string) { w.tag(tag, class, attributes, "/>") }

// say writes an element with nothing but a text in it.
func (w *writer) say(tag, class, text string, attributes ...string) {
	w.in(tag, class, func() { w.text(text) }, attributes...)
}

// text writes a text as it is.
func (w *writer) text(s string) { w.b.WriteString(escape(s)) }

// lines writes a text whose line breaks are kept.
func (w *writer) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			w.void("br", "")
		}
		w.text(line)
	}
}

func (w *writer) tag(tag, class string, attributes []string, end string) {
	w.b.WriteString("<" + tag)
	w.attribute("class", class)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.attribute(attributes[i], attributes[i+1])
	}
	w.b.WriteString(end)
}

func (w *writer) attribute(name, value string) {
	if value != "" {
		w.b.WriteString(" " + name + `="` + escape(value) + `"`)
	}
}

// escape makes text of whatever it is. Bytes that are no UTF-8 and characters that HTML has no
// place for become replacement characters.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		control := r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0
		if control || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
			return utf8.RuneError
		}
		return r
	}, s))
}

// on is the value of an attribute that is there or not.
func on(is bool, name string) string {
	if is {
		return name
	}
	return ""
}
