package value

import (
	"fmt"
	"strings"
	"testing"
)

// A problem within a text is said where it stands in the file, however the text is written there: the mark stands
// before what is wrong, and is no part of the file.
func TestWhereAPartStands(t *testing.T) {
	for _, c := range []struct{ name, file, before string }{
		{"plain", "a: one && ‸two", "one && "},
		{"in quotes", `a: "one && ‸two"`, "one && "},
		{"in quotes, with spaces before it", `a: "  one && ‸two"`, "one && "},
		{"with quotes in quotes", `a: "\"é\" && ‸two"`, `"é" && `},
		{"with an apostrophe", `a: 'it''s && ‸two'`, "it's && "},
		{"at the end", "a: one &&‸", "one &&"},
		{"over two lines", "a: one &&\n   ‸two", "one && "},
		{"over two lines, in quotes", "a: \"one &&\n   ‸two\"", "one && "},
		{"folded", "a: >-\n    one &&\n    ‸two", "one && "},
		{"folded, with an empty line", "a: >\n    one &&\n\n    ‸two", "one &&\n"},
		{"as written", "a: |\n    one &&\n      ‸two", "one &&\n  "},
		{"as written, with an empty line", "a: |-\n    one &&\n\n    ‸two", "one &&\n\n"},
		{"behind a reference", "a: ‸${SET} && two", "${SET} && "},
		{"behind an escape that isn't read", `a: ‸"\x6fne && two"`, "one && "},
	} {
		before, after, _ := strings.Cut(c.file, "‸")
		want := fmt.Sprintf("%d:%d wrong", strings.Count(before, "\n")+1, len([]rune(before[strings.LastIndex(before, "\n")+1:]))+1)
		_, fault := reading(t, strings.TrimPrefix(before+after, "a: "), func(v Node) any {
			line, column := strings.Count(c.before, "\n")+1, len([]rune(c.before[strings.LastIndex(c.before, "\n")+1:]))+1
			v.FaultInside(line, column, "wrong")
			return nil
		})
		if fault != want {
			t.Errorf("%s: %s, want %s", c.name, fault, want)
		}
	}
}

// FuzzInside: whatever a file looks like, a place that is told within a text is one where the file has that letter.
func FuzzInside(f *testing.F) {
	for _, seed := range []string{"one &&\n   two", "'it''s && two'", `"\"x\" && two"`, ">-\n  a\n\n   b", "|2\n    a\n  b", `"\x41b"`, "!x &y z", "*a"} {
		f.Add(seed, 1, 5)
	}
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		source := "a: " + text
		_, root := Read(Source{Name: "config.yaml", Text: []byte(source), Env: func(string) (string, bool) { return "", false }})
		if !root.IsMapping() {
			return
		}
		v := root.Part("a").Get("a")
		if !v.IsSingle() {
			return
		}
		at, ok := placeInside(source, v.target(), line, column)
		lines := strings.Split(source, "\n")
		if ok && (at.line < 1 || at.column < 1 || at.line > len(lines)+1) {
			t.Errorf("%d:%d of %q is at %v", line, column, source, at)
		}
	})
}
