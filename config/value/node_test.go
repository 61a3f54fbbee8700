package value

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// document reads a file, in which a zero-width space is what nobody can see.
func document(text string) (*Document, Node) {
	return Read(Source{Name: "conf/config.yaml", Text: []byte(text), Env: func(string) (string, bool) { return "", false }, Unreadable: func(text string) string {
		if strings.ContainsRune(text, '\u200b') {
			return "a zero-width space"
		}
		return ""
	}})
}

// TestEachSlipIsSaidWithWhatToWrite: what the parser gives up at, in words of whoever wrote it.
func TestEachSlipIsSaidWithWhatToWrite(t *testing.T) {
	for text, want := range map[string]string{
		"a: {b: ${X}}\n":           `put ${…} in quotes, as in "${X}"`,
		"a:\n\tb: 1\n":             "indent with spaces, not tabs",
		"a:\u00a0b\nc: d\n":        "the space here is none to YAML (U+00A0)",
		"a: *b\n":                  "*b stands for what &b names above, and nothing does",
		"a: *\n":                   "a text that begins with * needs quotes",
		"a: @b\n":                  `a text that begins with @ needs quotes, as in "@b"`,
		"a: - b\n":                 "a text that begins with - needs quotes",
		"a: b: c\n":                "a text with a colon and a space in it needs quotes",
		"a: \"b\" c\n":             "a text that begins with quotes needs others around all of it",
		"a: \"b\nc: d\n":           "this quote isn't closed",
		"":                         "the file is empty",
		"a: 1\n<<: {}\n":           "merge keys (<<) are not read here",
		"a: 1\na: 2\n":             `"a" is here twice, first on line 1`,
		"? {b: c}\n: d\n":          "a key has to be text",
		"a\u200bb: 1\n":            `has a zero-width space in it: delete it and type it anew`,
		"- a\n":                    "the file has to be a mapping of keys to values, but is a list",
		"a: x\u200by\n":            "a has a zero-width space in it",
		"a: [1\nb: 2\n":            "",
		"a: \u201chello\u201d\n":   "a has curly quotes around it",
		"a: !secret b\n":           "a begins with !secret, which YAML takes for a type",
		"a: okta : figma\nb: {c\n": "",
	} {
		d, root := document(text)
		for _, m := range root.Members() {
			m.Value.TextOr("")
		}
		if err := d.Err(); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "conf/config.yaml:") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestWhereSomethingIsSaid: at the value, or at what it would have to be in.
func TestWhereSomethingIsSaid(t *testing.T) {
	d, root := document("a:\n  b: 1\n  c: [x, y]\n")
	o := root.Object("a")
	a := o.Get("a")
	inner := a.Object("b", "c")
	if inner.Path() != "a" {
		t.Errorf("paths are %q", inner.Path())
	}
	b, c, none := inner.Get("b"), inner.Get("c"), inner.Get("d")
	if b.Line() != 2 || none.Line() != 0 || none.Present() || !c.IsList() || b.IsList() || !b.IsSingle() {
		t.Errorf("b stands in line %d, d in %d", b.Line(), none.Line())
	}
	if names := c.Texts(); !slices.Equal(names, []string{"x", "y"}) {
		t.Errorf("the list is %q", names)
	}
	none.Fault("d is missing")
	b.At("elsewhere").Fault("b is told under another path")
	inner.Fault("a is wrong")
	d.Warn("a.c", "is worth a look")
	if !a.Faulty() || c.Faulty() || !b.At("elsewhere").Faulty() {
		t.Error("what is faulty")
	}
	var all *Error
	if !errors.As(d.Err(), &all) {
		t.Fatal(d.Err())
	}
	var places []string
	for _, f := range all.Faults {
		places = append(places, strings.Join([]string{f.Path, f.Problem}, ": "))
	}
	if len(places) != 3 || all.Unwrap() != nil || len(d.Warnings()) != 1 || d.Warnings()[0].Line != 3 {
		t.Errorf("faults %q, warnings %v", places, d.Warnings())
	}
}

// TestWhatFollowsFromAFault isn't said besides: a part of what is wrong, or what a misspelt key was to be.
func TestWhatFollowsFromAFault(t *testing.T) {
	d, root := document("a:\n  naem: x\n  b: {c: 1}\n")
	inner := root.Object("a").Get("a").Object("name", "b")
	inner.Get("b").Fault("b is wrong as a whole")
	for path, want := range map[string]bool{"a.name": true, "a.b.c": true, "a.b": true, "z": false, "z.name": false} {
		if got := d.Follows(path); got != want {
			t.Errorf("%s follows: %v", path, got)
		}
	}
	if err := d.Err(); !strings.Contains(err.Error(), `"naem" is not a key of a: known are name, b`) {
		t.Error(err)
	}
}

// TestAMappingIsReadByTwo: each names its keys, and what neither reads is said once.
func TestAMappingIsReadByTwo(t *testing.T) {
	d, root := document("id: okta\ntype: okta\nurl: x\nport: 1\n")
	mine := root.Part("id", "type")
	root.Except("id", "type").Object("url")
	if id, _ := mine.Get("id").Text(); id != "okta" {
		t.Errorf("the id is %q", id)
	}
	if err := d.Err(); err == nil || !strings.Contains(err.Error(), `"port" is not a key of this file`) || strings.Contains(err.Error(), `"id"`) || strings.Count(err.Error(), "\n") != 0 {
		t.Error(err)
	}
}

// TestFilesAreMeantBesideTheConfiguration, and only a value that is wholly a reference to one names it.
func TestFilesAreMeantBesideTheConfiguration(t *testing.T) {
	_, root := document("a: ${file:keys/one}\nb: ${file:/etc/two}\nc: x${file:keys/one}\nd: plain\ne: [x]\n")
	o := root.Object("a", "b", "c", "d", "e")
	for key, want := range map[string]struct {
		file    string
		written bool
	}{"a": {"conf/keys/one", false}, "b": {"/etc/two", false}, "c": {"", false}, "d": {"", true}, "e": {"", false}, "f": {"", false}} {
		if v := o.Get(key); v.File() != want.file || v.Written() != want.written {
			t.Errorf("%s: %q, written: %v", key, v.File(), v.Written())
		}
	}
}

// TestSecretsThatMayBeMissing tell what isn't there; one that is there is kept from every message.
func TestSecretsThatMayBeMissing(t *testing.T) {
	d, root := Read(Source{Name: "config.yaml", Text: []byte("a: ${SET}\nb: ${UNSET}\nc: ${UNSET}\n"), Env: func(name string) (string, bool) { return "hunter2-hunter2", name == "SET" }})
	o := root.Object("a", "b", "c", "d")
	if s, missing := o.Get("a").SecretIfThere(); s.Reveal() != "hunter2-hunter2" || missing != "" {
		t.Errorf("missing: %q", missing)
	}
	if s, missing := o.Get("b").SecretIfThere(); !s.IsZero() || !strings.Contains(missing, "UNSET") {
		t.Errorf("missing: %q", missing)
	}
	if s := o.Get("c").NeededToken("c: ${C}", "make one"); s.Reveal() == "" || len(d.Missing()) != 1 || !strings.Contains(d.Missing()[0].Problem, "UNSET is not set: make one") {
		t.Errorf("missing are %+v", d.Missing())
	}
	o.Get("d").NeededToken("d: ${D}", "make one")
	o.Get("a").Fault("it holds hunter2-hunter2")
	if err := d.Err().Error(); strings.Contains(err, "hunter2") || !strings.Contains(err, "d is missing: write d: ${D}") {
		t.Error(err)
	}
	one, other := NewSecret("x"), NewSecret("y")
	if one.SameAs(other) || !one.SameAs(NewSecret("x")) {
		t.Error("which secrets are the same")
	}
}
