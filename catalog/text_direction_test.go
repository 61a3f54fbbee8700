package catalog_test

import (
	"testing"

	"latchkey/catalog"
)

func TestNamesStandApartFromTheSentence(t *testing.T) {
	for text, want := range map[string]string{
		"Maya Lind": "Maya Lind", "Ömer": "Ömer", "李娜": "李娜", "": "",
		"מאיה לינד": "\u2068מאיה לינד\u2069", "Maya (مايا)": "\u2068Maya (مايا)\u2069",
	} {
		if got := catalog.Isolated(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"\u2068מאיה\u2069 asks":               "\u2068מאיה\u2069 asks",
		"\u2068a\u202eb\u2069":                "\u2068ab\u2069", // an override is none of it
		"\u2068open":                          "open",
		"shut\u2069 \u2068":                   "shut ",
		"\u2068in \u2068in\u2069\u2069\u00a0": "\u2068in \u2068in\u2069\u2069 ",
	} {
		if got := catalog.Sentence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := catalog.OpenIsolates("\u2068a \u2068b"); got != "\u2069\u2069" {
		t.Errorf("%q", got)
	}
}
