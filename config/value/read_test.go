package value

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// reading is one value of a file as a back end reads it.
func reading(t *testing.T, text string, read func(Node) any) (got any, fault string) {
	t.Helper()
	doc, root := Read(Source{Name: "config.yaml", Text: []byte("a: " + text + "\n"), Env: func(name string) (string, bool) { return "from outside", name == "SET" },
		Nearest: func(word string, known []string) string { return known[0] }})
	got = read(root.Object("a").Get("a"))
	if err := doc.Err(); err != nil {
		var all *Error
		if !errors.As(err, &all) || len(all.Faults) != 1 {
			t.Fatalf("%s: %v", text, err)
		}
		f := all.Faults[0]
		fault = fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Problem)
	}
	return got, fault
}

// What each way of reading takes, and where it points when it doesn't.
func TestReadingValues(t *testing.T) {
	text := func(v Node) any { return v.TextOr("otherwise") }
	number := func(v Node) any { return v.Number(7, 1, 10) }
	one := func(v Node) any { return v.OneOf("slack", "slack", "jira") }
	url := func(v Node) any { return v.URL("https://acme.example") }
	address := func(v Node) any { return v.Address() }
	yes := func(v Node) any { return v.Bool() }
	for _, c := range []struct {
		text  string
		read  func(Node) any
		want  any
		fault string // a part of it
	}{
		{"plain", text, "plain", ""},
		{"'quoted: text'", text, "quoted: text", ""},
		{"${SET}", text, "from outside", ""},
		{"pre-${SET}-post", text, "pre-from outside-post", ""},
		{"$${SET}", text, "${SET}", ""},
		{"12", text, "", "has to be text"},
		{"[a]", text, "", "1:4 "},
		{"{b: c}", text, "", "1:4 "},

		{"3", number, 3, ""},
		{"11", number, 7, "1:4 "},
		{"three", number, 7, "1:4 "},
		{"1.5", number, 7, "1:4 "},

		{"jira", one, "jira", ""},
		{"jiraa", one, "jiraa", `did you mean "slack"?`},

		{"true", yes, true, ""},
		{"yes", yes, false, "1:4 "},

		{"https://acme.example/", url, "https://acme.example", ""},
		{"http://127.0.0.1:8080", url, "http://127.0.0.1:8080", ""},
		{"http://acme.example", url, "", "https"},
		{"acme.example", url, "", "1:4 "},
		{"https://user:secret@acme.example", url, "", "1:4 "},

		{"127.0.0.1:9090", address, "127.0.0.1:9090", ""},
		{"nowhere", address, "", "1:4 "},
	} {
		got, fault := reading(t, c.text, c.read)
		if c.fault == "" && (fault != "" || got != c.want) {
			t.Errorf("%s is %v, want %v; %s", c.text, got, c.want, fault)
		}
		if c.fault != "" && !strings.Contains(fault, c.fault) {
			t.Errorf("%s: fault %q, want %q", c.text, fault, c.fault)
		}
	}
}

// Everything that is wrong is said at once, each where it stands; what is right
// beside it is read.
func TestEveryFaultIsToldWhereItStands(t *testing.T) {
	doc, root := Read(Source{Name: "config.yaml", Env: func(string) (string, bool) { return "", false },
		Nearest: func(string, []string) string { return "right" }, Text: []byte("right: here\nrihgt: there\nlist: [a, {b: c}, 'd']\nright: again\nsecret: ${ABSENT}\nempty:\n")})
	o := root.Object("right", "list", "secret", "empty", "needed")
	if got := o.Get("right").TextOr(""); got != "here" {
		t.Errorf("the first of two is %q", got)
	}
	if got := o.Get("list").Texts(); len(got) == 0 || got[0] != "a" {
		t.Errorf("the list is %q", got)
	}
	o.Get("secret").NeededToken("secret: ${ABSENT}", "set it")
	if _, ok := o.Get("needed").Needed("write something"); ok {
		t.Error("what is needed is there")
	}
	err := doc.Err()
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, want := range []string{"config.yaml:2:1: \"rihgt\" is not a key", `did you mean "right"?`, "config.yaml:3:11: ", "config.yaml:4:1: ", "needed is missing"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing says %q:\n%v", want, err)
		}
	}
	if missing := doc.Missing(); len(missing) != 1 || !strings.Contains(missing[0].Problem, "ABSENT") {
		t.Errorf("missing %v", missing)
	}
}

func TestPathsLieWithinOthers(t *testing.T) {
	for path, within := range map[string]bool{"apps": true, "apps[0]": true, "apps[0].roles": true, "apps.x": true, "appsx": false, "ap": false, "": false} {
		if Within(path, "apps") != within {
			t.Errorf("%q within apps: %v", path, !within)
		}
	}
}
