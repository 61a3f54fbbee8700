package value

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// FaultInside reports a problem with a part of a text: at a line and column of it, which count
// from 1. Where that can't be told of the file, as behind a reference, it is one of the whole.
func (v Node) FaultInside(line, column int, format string, args ...any) {
	at, ok := placeInside(string(v.doc.source.Text), v.target(), line, column)
	if !ok {
		v.Fault(format, args...)
		return
	}
	v.doc.faults = append(v.doc.faults, Fault{Line: at.line, Column: at.column, Path: v.path, Problem: fmt.Sprintf(format, args...)})
}

// PlaceInside has what is said about a path stand where a part of a text does.
func (d *Document) PlaceInside(v Node, path string, line, column int) {
	if at, ok := placeInside(string(d.source.Text), v.target(), line, column); ok {
		d.at[path] = at
	}
}

// placeInside finds where a part of a text stands in the file. YAML folds lines, takes indentation off and
// doubles quotes, so text and file are read side by side.
func placeInside(source string, n *yaml.Node, line, column int) (position, bool) {
	text := []rune(strings.TrimSpace(n.Value))
	wanted, ok := offset(text, line, column)
	if !ok || strings.Contains(n.Value, "${") {
		return position{}, false
	}
	r := reader{lines: strings.Split(source, "\n"), at: position{n.Line, n.Column}}
	r.begin(n)
	for _, c := range text[:wanted] {
		if !r.pass(c) {
			return position{}, false
		}
	}
	return r.here(text, wanted)
}

func offset(text []rune, line, column int) (int, bool) {
	at := 0
	for ; line > 1; line-- {
		next := slices.Index(text[at:], '\n')
		if next < 0 {
			return 0, false
		}
		at += next + 1
	}
	at += column - 1
	return at, line == 1 && column > 0 && at <= len(text)
}

// reader goes through the lines of a file beside a text that was read of them.
type reader struct {
	lines []string
	at    position
	left  int // how far lines of a literal block are indented; 0: lines are folded
}

// begin goes to the first letter of a text.
func (r *reader) begin(n *yaml.Node) {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		r.nextLine()
		if n.Style&yaml.LiteralStyle != 0 {
			r.left = r.at.column
		}
		return
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		r.at.column++
	}
	for unicode.IsSpace(r.letter()) {
		r.at.column++
	}
}

// letter is what stands where the reader is; 0 at the end of a line.
func (r *reader) letter() rune {
	if r.at.line < 1 || r.at.line > len(r.lines) {
		return 0
	}
	if line := []rune(r.lines[r.at.line-1]); r.at.column <= len(line) {
		return line[r.at.column-1]
	}
	return 0
}

// nextLine goes to the first letter of the next line that has one.
func (r *reader) nextLine() {
	for r.at.line++; r.at.line <= len(r.lines); r.at.line++ {
		if line := r.lines[r.at.line-1]; strings.TrimSpace(line) != "" {
			r.at.column = len(line) - len(strings.TrimLeft(line, " ")) + 1
			return
		}
	}
}

// pass goes behind a letter of the text; false where the file says something else.
func (r *reader) pass(c rune) bool {
	if c == '\n' && r.left > 0 {
		r.at = position{r.at.line + 1, r.left}
		return true
	}
	if c != ' ' && c != '\n' {
		return r.same(c)
	}
	if c == r.letter() && strings.TrimSpace(r.rest()) != "" {
		r.at.column++
		return true
	}
	if strings.TrimSpace(r.rest()) != "" {
		return false
	}
	r.nextLine()
	return true
}

func (r *reader) rest() string {
	line := []rune(r.lines[min(r.at.line, len(r.lines))-1])
	return string(line[min(r.at.column-1, len(line)):])
}

// same passes a letter, which may be escaped.
func (r *reader) same(c rune) bool {
	if escaped := r.letter(); escaped == '\\' && c != '\\' || escaped == '\'' && c == '\'' && strings.HasPrefix(r.rest(), "''") {
		r.at.column++
	}
	ok := r.letter() == c
	r.at.column++
	return ok
}

// here is where the reader is, if what stands there is what the text goes on with.
func (r *reader) here(text []rune, next int) (position, bool) {
	if next == len(text) {
		return r.at, true
	}
	at := r.at
	if ahead := *r; text[next] == ' ' || text[next] == '\n' || ahead.same(text[next]) {
		return at, true
	}
	return at, false
}
