package ask

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// typed is an asker at which somebody types.
func typed(out *bytes.Buffer, lines ...string) *Asker {
	read := func() (string, error) {
		if len(lines) == 0 {
			return "", errors.New("nobody types any more")
		}
		first := lines[0]
		lines = lines[1:]
		return first, nil
	}
	return &Asker{Out: out, Env: func(string) (string, bool) { return "", false }, Prompt: true, Line: read}
}

func TestWhatIsTypedIsJudged(t *testing.T) {
	even := func(s string) error {
		if len(s)%2 > 0 {
			return errors.New("that is odd")
		}
		return nil
	}
	for name, c := range map[string]struct {
		q     Question
		lines []string
		want  string
		says  string
	}{
		"text":             {Question{Text: "Name"}, []string{" Ines "}, "Ines", "Name: "},
		"the usual":        {Question{Text: "Name", Usual: "IT"}, []string{""}, "IT", "Name [IT]: "},
		"nothing, then it": {Question{Text: "Name"}, []string{"", "x"}, "x", "something has to be answered"},
		"by number":        {Question{Text: "Which", Choices: []string{"one", "two"}}, []string{"2"}, "two", "  2  two\n"},
		"by its words":     {Question{Text: "Which", Choices: []string{"one", "Two"}}, []string{"three", "two"}, "Two", `"three" is none of one, Two`},
		"checked":          {Question{Text: "Even", Check: even}, []string{"x", "xx"}, "xx", "that is odd"},
		"hidden":           {Question{Text: "Token", Secret: "TOKEN", Usual: "never shown"}, []string{"s3cret"}, "s3cret", "Token (not shown): "},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			got, err := typed(&out, c.lines...).Ask(c.q)
			if err != nil || got != c.want || !strings.Contains(out.String(), c.says) || c.q.Secret != "" && strings.Contains(out.String(), "s3cret") {
				t.Errorf("%q %v, said %q", got, err, out.String())
			}
		})
	}
	if _, err := typed(&bytes.Buffer{}).Ask(Question{Text: "Name"}); err == nil {
		t.Error("nobody typed, and there is an answer")
	}
}

func TestWhereNobodyIsThere(t *testing.T) {
	var out bytes.Buffer
	a := New(strings.NewReader("typed\n"), &out, map[string]string{"a": "given", "b": "wrong", "unused": "x"})
	a.Env = func(name string) (string, bool) { return "s3cret", name == "TOKEN" }
	if a.Prompt {
		t.Error("a pipe is no terminal")
	}
	for name, c := range map[string]struct {
		q          Question
		want, says string
	}{
		"given":       {Question{Key: "a", Text: "A"}, "given", ""},
		"given wrong": {Question{Key: "b", Text: "B", Choices: []string{"right"}}, "", `b: "wrong" is none of right`},
		"usual":       {Question{Key: "c", Text: "C", Usual: "usual"}, "usual", ""},
		"quiet":       {Question{Key: "d", Text: "D", Quiet: true}, "", ""},
		"missing":     {Question{Key: "e", Text: "E"}, "", "--set e=…"},
		"a secret":    {Question{Key: "TOKEN", Text: "T", Secret: "TOKEN"}, "s3cret", ""},
		"no secret":   {Question{Key: "OTHER", Text: "O", Secret: "OTHER"}, "", "set the environment variable OTHER"},
	} {
		got, err := a.Ask(c.q)
		if got != c.want || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if strings.Contains(out.String(), "s3cret") || !strings.Contains(out.String(), "T: taken from TOKEN") {
		t.Errorf("said %q", out.String())
	}
	if got := strings.Join(a.Unused(), " "); got != "unused" {
		t.Errorf("unused: %s", got)
	}
	if line, err := a.Line(); err != nil || line != "typed" {
		t.Error(line, err)
	}
	if _, err := a.Line(); err == nil {
		t.Error("the end is no line")
	}
}

func TestYesAndNo(t *testing.T) {
	for text, want := range map[string]bool{"yes": true, "Y": true, "no": false, "": true} {
		if got, err := typed(&bytes.Buffer{}, text).Yes("k", "Sure?", true); got != want || err != nil {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	if got, err := typed(&bytes.Buffer{}, "perhaps", "n").Yes("k", "Sure?", true); got || err != nil {
		t.Error(got, err)
	}
}
