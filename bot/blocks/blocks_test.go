package blocks

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/catalog"
)

func TestPhrases(t *testing.T) {
	for want, got := range map[string]string{
		"1 group":               Count(1, "group"),
		"2 groups":              Count(2, "group"),
		"3 accesses":            Count(3, "access", "accesses"),
		"waits":                 Agree(1, "waits", "wait"),
		"wait":                  Agree(2, "waits", "wait"),
		"a, b and c":            List([]string{"a", "b", "c"}, 3),
		"a, b and 2 more":       List([]string{"a", "b", "c", "d"}, 2),
		"":                      List(nil, 3),
		"less than a second":    Exactly(time.Millisecond),
		"3 seconds":             Exactly(3 * time.Second),
		"2 weeks":               strings.ToLower(Length(2 * catalog.Week)),
		"No end":                Length(catalog.Forever),
		"for 6 hours":           ForHow(6 * time.Hour),
		"with no end":           ForHow(catalog.Forever),
		"Élodie":                Capital("élodie"),
		"Ömer":                  Capital("Ömer"),
		"ידע":                   Capital("ידע"),
		"Done.":                 Sentence("Done"),
		"Done!":                 Sentence("Done!"),
		"2 days":                Roughly(49 * time.Hour),
		"3 hours":               Roughly(3 * time.Hour),
		"less than 2 minutes":   Roughly(time.Minute),
		"b":                     Or(" ", "b"),
		"a\nb":                  Lines("a", "b"),
		"a|b":                   strings.Join(NonBlank("a", " ", "b"), "|"),
		"<https://x.test|IT-1>": Link("https://x.test", "IT-1"),
		"IT-2":                  Link("javascript:alert(1)", "IT-2"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The headline is told in the text, too, which is all that a phone shows.
func TestAMessageTellsItsNewsTwice(t *testing.T) {
	var b MessageBuilder
	b.Title("A <title>")
	b.Facts(Labelled("Who", "Maya"), Labelled("Nothing", ""))
	b.Facts(Labelled("Nothing", ""))
	b.Quote("Reason", "two\nlines")
	b.Quote("Empty", " ")
	b.Say("Said")
	b.Say("")
	b.Note("one", "", "two")
	b.Note("")
	b.Buttons(Confirmed(Button("go", "AR-1", "Go", slack.StylePrimary), "Sure?", "Really.", "Go"))
	m := b.Message()
	if want := "A ‹title›"; m.Text != want {
		t.Errorf("the text is %q", m.Text)
	}
	bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
	if got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": b.Blocks()})); got != "# A <title>\n| *Who* / Maya\n*Reason*\n> two\n> lines\nSaid\n-- one  ·  two\n[Go] go AR-1 (Sure? Really. [Go] [Not now])\n" {
		t.Errorf("the blocks are\n%s", got)
	}
	one, err := m.Digest()
	if err != nil || len(one) != 32 {
		t.Fatal(one, err)
	}
	b.Say("More")
	if two, err := b.Message().Digest(); err != nil || two == one {
		t.Error("two messages have one digest")
	}
}

func TestBulletsSayHowManyMoreThereAre(t *testing.T) {
	lines := make([]string, 100)
	for i := range lines {
		lines[i] = strings.Repeat("🚑", 50)
	}
	if got := Bullets("*All*:", lines); Units(got) > MaxSection || !strings.HasSuffix(got, "\nand 72 more") {
		t.Errorf("%d characters, ending %q", Units(got), got[len(got)-20:])
	}
	if got := Bullets("Two:", lines[:1]); got != "Two:\n• "+lines[0] {
		t.Error(got)
	}
}

// News is cut where its words are longest, and never so that one is lost, that formatting
// is left or that an entity is cut in two.
func TestNewsFitsWhereItIsShown(t *testing.T) {
	for name, evil := range bottest.EvilTexts() {
		said := News("%s asks for %s · %s for 6 hours", evil, "Figma", "Editor")
		var b MessageBuilder
		b.Title(said)
		m := b.Message()
		if !strings.Contains(m.Text, "asks for Figma · Editor for 6 hours") {
			t.Errorf("%s: %q", name, m.Text)
		}
		bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
	}
	if got := News("%s to %s", strings.Repeat("a", 200), strings.Repeat("b", 200)); Units(got) != MaxNews && Units(got) != MaxNews-1 {
		t.Errorf("%d characters: %s", Units(got), got)
	}
}

func TestMomentsInAZone(t *testing.T) {
	at := time.Date(2026, 11, 23, 15, 10, 0, 0, time.UTC)
	for zone, want := range map[string]string{"": "23 Nov 2026 at 15:10 UTC", "Europe/Berlin": "23 Nov 2026 at 16:10 CET", "Nowhere/Land": "23 Nov 2026 at 15:10 UTC"} {
		if got := Moment(at, zone); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
}

// TestMomentsInASentence: they are said by the reader's clock where there is room for that.
func TestMomentsInASentence(t *testing.T) {
	at := time.Date(2026, 11, 23, 15, 10, 0, 0, time.UTC)
	text := "From " + access.FullMoment(at) + " on, <you> can."
	if got, want := Told(text, MaxSection), "From "+When(at)+" on, &lt;you&gt; can."; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	if got, want := Told(text, 60), Escape(text, 60); got != want {
		t.Errorf("in little room %q, not %q", got, want)
	}
	if got, want := InZone(text, "Europe/Berlin"), "From 23 Nov 2026 at 16:10 CET on, <you> can."; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestPagesAreTurnedWhereThereAreAny(t *testing.T) {
	for _, c := range []struct {
		from, size, total int
		want              string
	}{
		{0, 5, 3, ""},
		{0, 5, 12, "[More] after 5\n-- 1–5 of 12\n"},
		{5, 5, 12, "[Earlier] before 0\n[More] after 10\n-- 6–10 of 12\n"},
		{10, 5, 12, "[Earlier] before 5\n-- 11–12 of 12\n"},
	} {
		got := ""
		if turn := PageButtons(c.from, c.size, c.total); turn != nil {
			got = bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": turn}))
		}
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestViewsAndOptions(t *testing.T) {
	v := Notice("A title that is far too long for a modal", "Text & <more>")
	bottest.WantViewWithinLimits(t, v)
	if Modal("T", "Go", "Close").Submit.Text != "Go" || v.Submit != nil {
		t.Error("the submit button")
	}
	if Metadata(strings.Repeat("x", 4000)) != "" || Metadata(map[string]int{"a": 1}) != `{"a":1}` || Metadata(func() {}) != "" {
		t.Error("metadata")
	}
	if Plain(" ", 10).Text == "" {
		t.Error("Slack refuses empty text")
	}
	var many []*slack.OptionBlockObject
	for range 250 {
		many = append(many, Option("v", "Name", "About"))
	}
	for n, labels := range map[int]int{100: 0, 250: 3} {
		menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: "a", Placeholder: Plain("Choose", 10)}
		Offer(menu, many[:n])
		sent, err := json.Marshal(menu)
		if err != nil || strings.Count(string(sent), `"label"`) != labels || strings.Count(string(sent), `"value"`) != n {
			t.Errorf("of %d: %.300s, %v", n, sent, err)
		}
	}
}
