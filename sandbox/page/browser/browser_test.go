package browser_test

import (
	"bytes"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/sandbox/page"
	"latchkey/sandbox/page/browser"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := browser.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func said(text string) kit.Object { return kit.Object{"type": "mrkdwn", "text": text} }

func section(text string) kit.Object { return kit.Object{"type": "section", "text": said(text)} }

func button(label string) kit.Object {
	return kit.Object{"type": "button", "text": kit.Plain(label)}
}

func buttons(labels ...string) kit.Object {
	var list []any
	for _, l := range labels {
		list = append(list, button(l))
	}
	return kit.Object{"type": "actions", "elements": list}
}

func card(blocks ...kit.Object) string {
	return page.Document("card", page.Client{}.Message(world.Message{BotID: "B1", TS: "1790000000.000100", Blocks: blocks}))
}

// What a reader sees on a phone, counted by what draws it.
func TestLines(t *testing.T) {
	b := start(t)
	word, line := "reason", strings.Repeat("reason ", 6) // 42 characters
	expanded := section(strings.Repeat(word+"\n", 9) + word)
	expanded["expand"] = true
	beside := section("one\ntwo\nthree")
	beside["accessory"] = button("Open")
	for name, c := range map[string]struct {
		page           string
		phone, desktop int
	}{
		"a line":                   {card(section(line)), 1, 1},
		"two lines on a phone":     {card(section(line + line)), 2, 1},
		"a gap is no line":         {card(section("one\n\ntwo")), 2, 2},
		"five line breaks fold":    {card(section(strings.Repeat(word+"\n", 5) + word)), 6, 6}, // five, and Show more
		"five lines don't":         {card(section(strings.Repeat(word+"\n", 4) + word)), 5, 5},
		"expanded":                 {card(expanded), 10, 10},
		"a short paragraph folds":  {card(section(strings.Repeat(line, 6))), 6, 3},
		"three short buttons":      {card(buttons("Approve", "Deny…", "More…")), 1, 1},
		"three long buttons":       {card(buttons("Approve 6 hours", "Approve for less…", "Deny…")), 2, 1},
		"beside text":              {card(beside), 3, 3},
		"fields":                   {card(kit.Object{"type": "section", "fields": []any{said("*Who*\nMaya"), said("*Risk*\nHigh")}}), 4, 2},
		"small print":              {card(kit.Object{"type": "context", "elements": []any{said("IT-1 · asked today")}}), 1, 1},
		"a header and a rule":      {card(kit.Object{"type": "header", "text": kit.Plain("Maya asks")}, kit.Object{"type": "divider"}), 1, 1},
		"what asks first is shut":  {card(kit.Object{"type": "actions", "elements": []any{kit.Object{"type": "button", "text": kit.Plain("Go"), "confirm": kit.Object{"title": kit.Plain("Sure?"), "text": kit.Plain("Really?"), "confirm": kit.Plain("Yes"), "deny": kit.Plain("No")}}}}), 1, 1},
		"a container that is shut": {card(kit.Object{"type": "container", "title": kit.Plain("Details"), "is_collapsible": true, "default_collapsed": true, "child_blocks": []any{section("hidden")}}), 1, 1},
		"none":                     {card(), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for _, on := range []struct {
				screen browser.Screen
				want   int
			}{{browser.Phone(), c.phone}, {browser.Desktop(), c.desktop}} {
				lines, err := b.Lines(t.Context(), c.page, on.screen)
				if err != nil {
					t.Fatal(err)
				}
				if lines != on.want {
					t.Errorf("%d lines at %d px, want %d", lines, on.screen.Width, on.want)
				}
			}
		})
	}
}

// A picture shows the whole page, and is small.
func TestPicture(t *testing.T) {
	b := start(t)
	got, err := b.Picture(t.Context(), card(section(strings.Repeat("a line\n", 4)), buttons("Approve", "Deny…")), browser.Phone())
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != 563 || size.Y < 225 || len(got) > 60_000 {
		t.Errorf("%d × %d, %d bytes", size.X, size.Y, len(got))
	}
}

// Words that would be a script stay words.
func TestNothingRuns(t *testing.T) {
	b := start(t)
	bad := `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
	plain := page.Document("quiet", page.Client{}.Message(world.Message{Text: bad, User: "U1", TS: "1.0"}))
	for name, shown := range map[string]string{"words": plain, "HTML past the writer": page.Document("quiet", page.HTML(bad))} {
		if title, err := b.Title(t.Context(), shown); err != nil || title != "quiet" {
			t.Errorf("%s: %q, %v", name, title, err)
		}
	}
}

// A browser that ended says so, and a context that ends is obeyed.
func TestEnded(t *testing.T) {
	b, err := browser.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Lines(t.Context(), card(), browser.Phone()); err == nil {
		t.Error("a browser that ended counts lines")
	}
}

// A press that a page lost because it was drawn anew under the finger is made again.
func TestPressAgain(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<main><button>Go</button></main><script>
			const again = (e) => { const b = e.cloneNode(true); b.onclick = () => { document.body.dataset.gone = "1"; }; e.replaceWith(b); };
			document.querySelector("button").onmousedown = (e) => again(e.target);
		</script>`) // a browser that has gone reads nothing
	}))
	t.Cleanup(site.Close)
	tab, err := start(t).Open(t.Context(), site.URL, browser.Desktop())
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.Press(t.Context(), "text=Go"); err != nil {
		t.Fatal(err)
	}
	var gone bool
	if err := tab.Ask(t.Context(), "document.body.dataset.gone === '1'", &gone); err != nil || !gone {
		t.Errorf("pressed: %v, %v", gone, err)
	}
}
