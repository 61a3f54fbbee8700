package catalog

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatCantBeSeen(t *testing.T) {
	for text, want := range map[string]string{
		"Figma":            "",
		"Entwürfe – “Neu”": "",
		"障害対応　東京":          "", // an ideographic space is a space
		"👨\u200d👩\u200d👧 family, ❤️\u200d🔥":                             "",
		"می\u200cخواهم":                                                 "", // a letter of this script would look otherwise
		"क्\u200dष":                                                     "",
		"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": "",
		"two\nlines\tand a tab":                                         "",
		"\ufeffFigma":                                                   "a byte order mark (U+FEFF)",
		"Fig\u200bma":                                                   "a zero-width space (U+200B)",
		"Fig\u2060ma":                                                   "a zero-width space (U+2060)",
		"Fig\u200dma":                                                   "an invisible joiner (U+200D)",
		"Fig\u00adma":                                                   "an invisible hyphen (U+00AD)",
		"Fig\u202ema":                                                   "an invisible mark that turns the writing direction (U+202E)",
		"Fig\u2066ma":                                                   "an invisible mark that turns the writing direction (U+2066)",
		"Figma\u3164":                                                   "an invisible character (U+3164)",
		"Figma\u2028":                                                   "an invisible character (U+2028)",
		"Fig\x07ma":                                                     "a control character (U+0007)",
		"Fig\xffma":                                                     "a character that was lost in another encoding (U+FFFD)",
		"Fig\ufffdma":                                                   "a character that was lost in another encoding (U+FFFD)",
		"Figma\U000e0067":                                               "an invisible character (U+E0067)",
	} {
		if got := Unreadable(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if clean := Readable(text); Unreadable(strings.ReplaceAll(clean, "\ufffd", "")) != "" || want == "" && !strings.ContainsAny(text, "\u3000\t") && clean != text {
			t.Errorf("%q reads %q", text, clean)
		}
	}
}

func TestNamesAreComparedAsPeopleReadThem(t *testing.T) {
	for _, pair := range [][2]string{
		{"Figma Pro", "figma\u00a0pro"}, {"Figma Pro", " FIGMA  PRO\u200b "}, {"Bob's tools", "Bob’s tools"},
		{`The "new" one`, "The “new” one"}, {"A-B", "A–B"}, {"Ines\u2060 Okafor", "Ines Okafor"}, {"Café", "CAFÉ"},
	} {
		if !Same(pair[0], pair[1]) {
			t.Errorf("%q and %q are two", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"Figma", "Figmа"}, {"Figma Pro", "FigmaPro"}, {"", "a"}} {
		if Same(pair[0], pair[1]) {
			t.Errorf("%q and %q are one", pair[0], pair[1])
		}
	}
}

func TestReadableIsSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Readable(rapid.String().Draw(t, "text"))
		if twice := Readable(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}
