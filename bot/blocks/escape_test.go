package blocks

import (
	"strings"
	"testing"

	"latchkey/bot/bottest"

	"pgregory.net/rapid"
)

func TestClipKeepsCharactersWhole(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		n              int
	}{
		{"fits", "Figma", "Figma", 5},
		{"cut", "Figma Professional", "Figma…", 7},
		{"space before the ellipsis", "Figma Pro", "Figma…", 7},
		{"two units per emoji", "🙂🙂🙂", "🙂🙂…", 5},
		{"family stays together", "ab👨‍👩‍👧cd", "ab…", 9},
		{"accent stays on its letter", "cafe\u0301s and more", "caf…", 5},
		{"direction override dropped", "a\u202eb", "ab", 10},
		{"zero-width dropped", "F\u200big\ufeffma", "Figma", 10},
		{"odd spaces are spaces", "a\u00a0b\u3000c", "a b c", 10},
		{"control dropped", "a\x00b\x07", "ab", 10},
		{"invalid UTF-8", "a\xffb", "a\ufffdb", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Clip(c.in, c.n); got != c.want {
				t.Errorf("clip(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
			}
		})
	}
}

// A name that is written from right to left leaves the words around it in their order, be it
// cut or not; nothing of it reaches into what follows.
func TestDirectionsAreKeptApart(t *testing.T) {
	long := strings.Repeat("מאיה ", 60)
	for name, said := range map[string]string{
		"news":             News("%s asks for %s for 6 hours", "מאיה לינד", "فيجما · Editor"),
		"news of the long": News("%s asks for %s for 6 hours", long, long),
		"escaped":          "Approved by " + Escape("מאיה לינד", 40) + ", 23 Nov",
		"escaped and cut":  "Approved by " + Escape(long, 40) + ", 23 Nov",
		"a sentence":       Escape(News("Denied by %s: %s for you", "מאיה", "Figma"), 60),
		"one that is cut":  Escape(News("Denied by %s: %s for you", long, long), 40),
		"half of one":      News("%s asks", "\u2068מאיה"),
	} {
		open := 0
		for _, r := range said {
			switch r {
			case '\u2068':
				open++
			case '\u2069':
				open--
			}
			if strong := r >= 'א' && r <= 'ي'; strong && open == 0 || open < 0 {
				t.Fatalf("%s: it isn't kept apart: %+q", name, said)
			}
		}
		if open != 0 {
			t.Errorf("%s: it reaches into what follows: %+q", name, said)
		}
	}
	var b MessageBuilder
	b.Title(News("%s asks for %s", "מאיה", "Figma"))
	if m := b.Message(); m.Text != "\u2068מאיה\u2069 asks for Figma" || bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": m.Blocks})) != "# \u2068מאיה\u2069 asks for Figma\n" {
		t.Errorf("%+q", m.Text)
	}
}

func TestEscNeverLeavesMarkup(t *testing.T) {
	for in, want := range map[string]string{
		"<!channel> & <@U1>":       "&lt;!channel&gt; &amp; &lt;@U1&gt;",
		"already &amp; escaped":    "already &amp;amp; escaped",
		"two\nlines\tand a tab":    "two lines and a tab",
		"<https://evil.test|IT-1>": "&lt;https://evil.test|IT-1&gt;",
	} {
		if got := Escape(in, 100); got != want {
			t.Errorf("esc(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEscapedTextIsBoundedAndWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "text")
		n := rapid.IntRange(3, 60).Draw(t, "limit")
		for name, out := range map[string]string{"clip": Clip(in, n), "esc": Escape(in, n), "quote": Quote(in, n)} {
			if Units(out) > n {
				t.Fatalf("%s: %d units, %d allowed: %q", name, Units(out), n, out)
			}
			if name == "clip" {
				continue
			}
			if len(bottest.MarkupFaults(strings.ReplaceAll(out, "> ", ""))) > 0 || strings.Contains(out, "<") {
				t.Fatalf("%s let %q through as %q", name, in, out)
			}
		}
	})
}
