package adf_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/jira/adf"
)

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func example() adf.Document {
	return adf.New(
		adf.Paragraph(adf.Text("Maya asks for "), adf.Strong("Figma"), adf.Text(".")),
		adf.Paragraph(),
		adf.Quote(" *why*\nnot "),
		adf.Quote("  "),
		adf.BulletList("one", "", "two"),
	).Append(adf.Paragraph(adf.Link("https://acme.example")))
}

func TestADocumentHoldsNothingThatJiraRefuses(t *testing.T) {
	want := `{"type":"doc","version":1,"content":[` +
		`{"type":"paragraph","content":[{"type":"text","text":"Maya asks for "},{"type":"text","text":"Figma","marks":[{"type":"strong"}]},{"type":"text","text":"."}]},` +
		`{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"*why*"},{"type":"hardBreak"},{"type":"text","text":"not"}]}]},` +
		`{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]}]},` +
		`{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}]},` +
		`{"type":"paragraph","content":[{"type":"text","text":"https://acme.example","marks":[{"type":"link","attrs":{"href":"https://acme.example"}}]}]}]}`
	if diff := cmp.Diff(want, string(raw(t, example()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !adf.New(adf.Paragraph(adf.Text(""))).Empty() || example().Empty() {
		t.Error("what is empty is not told apart")
	}
}

func TestAppendLeavesTheFirstDocumentAlone(t *testing.T) {
	first := adf.New(adf.Paragraph(adf.Text("one")))
	a, b := first.Append(adf.Paragraph(adf.Text("two"))), first.Append(adf.Paragraph(adf.Text("three")))
	if got := adf.DocumentText(raw(t, a)) + "|" + adf.DocumentText(raw(t, b)); got != "one\ntwo|one\nthree" {
		t.Errorf("got %q", got)
	}
}

func TestFieldsOfEveryKindReadAsText(t *testing.T) {
	for in, want := range map[string]string{
		`"Figma"`:                           "Figma",
		`7`:                                 "7",
		`1.5`:                               "1.5",
		`null`:                              "",
		`{`:                                 "",
		`true`:                              "",
		`{"value":"Editor"}`:                "Editor",
		`{"displayName":"Maya","name":"m"}`: "Maya",
		`[{"value":"a"},{},{"name":"b"}]`:   "a, b",
		`{"type":"doc","content":[{"type":"heading","content":[{"type":"text","text":"Hi"}]},{"type":"paragraph","content":[
			{"type":"mention","attrs":{"text":"@Noor"}},{"type":"hardBreak"},{"type":"emoji","attrs":{"shortName":":ok:"}},{"type":"status","attrs":{}}]}]}`: "Hi\n@Noor\n:ok:",
		"\"turn\u202earound\"": "turnaround",
	} {
		if got := adf.FieldText(json.RawMessage(in)); got != want {
			t.Errorf("%s reads %q, want %q", in, got, want)
		}
	}
	if got := adf.DocumentText(json.RawMessage(`"text"`)); got != "" {
		t.Errorf("what is no document reads %q", got)
	}
}

func TestPlainText(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{adf.OneLine(" a\r\n b\u2028c\x00 "), "a b c"},
		{adf.Clip("abc", 3), "abc"},
		{adf.Clip("äbc d", 4), "äbc…"},
		{adf.List(nil, "or"), ""},
		{adf.List([]string{"a"}, "or"), "a"},
		{adf.List([]string{"a", "b", "c"}, "or"), "a, b or c"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// A name that is written from right to left stands apart from its sentence, also where that
// is cut; what is not whole is left out.
func TestDirectionsAreKeptApart(t *testing.T) {
	for in, want := range map[string]string{
		"\u2068\u05de\u05d0\u2069 asks": "\u2068\u05de\u05d0\u2069 asks",
		"\u2068\u05de asks":             "\u05de asks",
		"a\u2069\u202eb":                "ab",
	} {
		if got := adf.Clean(in); got != want {
			t.Errorf("%+q: %+q, want %+q", in, got, want)
		}
	}
	if got := adf.Clip("\u2068\u05de\u05d0\u05d9\u2069 asks for it", 5); got != "\u2068\u05de\u05d0…\u2069" {
		t.Errorf("%+q", got)
	}
}
