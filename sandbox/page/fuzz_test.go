package page_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/sandbox/page"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

func kitNumber(n int64) string { return strconv.FormatInt(n, 10) }

// tags and attributes are all that a page may be made of.
func tags() []string {
	return strings.Fields(`a article blockquote br button caption code details dialog div em figcaption figure h2 h3 header hr input
		label li nav ol optgroup option p pre s section select span strong summary table td textarea th time tr u ul`)
}

func attributes() []string {
	return strings.Fields(`aria-autocomplete aria-current aria-expanded aria-hidden aria-label autocomplete autofocus checked class data-action data-block data-kind data-least data-value datetime hidden href label maxlength name
		open placeholder rel role rows selected start target type value`)
}

// wellFormed wants that a piece of a page is made of allowed tags and attributes, each closed
// where it belongs, that links lead where links may lead, and that nothing runs.
func wellFormed(t testing.TB, drawn string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader("<root>" + drawn + "</root>")); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, drawn)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local != "root" {
			allowed(t, e)
		}
	}
}

func allowed(t testing.TB, e xml.StartElement) {
	t.Helper()
	if !slices.Contains(tags(), e.Name.Local) {
		t.Errorf("a tag %s", e.Name.Local)
	}
	for _, a := range e.Attr {
		if !slices.Contains(attributes(), a.Name.Local) {
			t.Errorf("%s has an attribute %s", e.Name.Local, a.Name.Local)
		}
		if a.Name.Local != "href" {
			continue
		}
		if u, err := url.Parse(a.Value); err != nil || !slices.Contains([]string{"http", "https", "mailto", "tel", "slack"}, u.Scheme) {
			t.Errorf("a link to %q", a.Value)
		}
	}
}

// words are what can be read in a piece of a page.
func words(t testing.TB, drawn string) string {
	t.Helper()
	var b strings.Builder
	for d := xml.NewDecoder(strings.NewReader("<root>" + drawn + "</root>")); ; {
		token, err := d.Token()
		if err != nil {
			return b.String()
		}
		switch token := token.(type) {
		case xml.CharData:
			b.Write(token)
		case xml.StartElement:
			if token.Name.Local == "br" {
				b.WriteByte('\n')
			}
		}
	}
}

// Nobody's words become HTML, wherever they stand, and plain ones are read as they are.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{
		"", "*a* _b_ ~c~ `d` ```e``` <https://a|b> <@U1> <!date^1^{date}|x> &lt; :key:", "<script>alert(1)</script>", `" onclick="x`, "'><img src=x>",
		"&#60;script&#62;", "<https://a.example/\"><script>|x>", "<javascript:alert(1)|x>", "> <b>\n>>> c", "*_~`*_~`", "<!date^1^<b>{time}|<i>>", "\x00\xff\u2028\ufffe", "]]>", "<!--", "<![CDATA[",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := page.Client{App: text, Names: page.Names{Users: map[string]string{"U1": text}}}
		plain, markup := kit.Object{"type": "plain_text", "text": text, "emoji": false}, kit.Object{"type": "mrkdwn", "text": text}
		element := kit.Object{"type": "button", "text": plain, "url": text, "value": text, "style": text, "accessibility_label": text, "action_id": text}
		blocks := []kit.Object{
			{"type": "section", "text": markup, "fields": []any{plain, markup}, "accessory": element}, {"type": "header", "text": plain}, {"type": text, "text": text},
			{"type": "input", "block_id": text, "label": plain, "hint": markup, "element": kit.Object{"type": "plain_text_input", "initial_value": text, "placeholder": plain}},
			{"type": "image", "alt_text": text, "title": plain}, {"type": "markdown", "text": text}, {"type": "alert", "level": text, "text": markup},
			{"type": "rich_text", "elements": []any{kit.Object{"type": "rich_text_section", "elements": []any{kit.Object{"type": "link", "url": text, "text": text}, kit.Object{"type": "emoji", "name": text}}}}},
			{"type": "context", "elements": []any{markup, kit.Object{"type": "image", "alt_text": text}}},
		}
		wellFormed(t, string(c.Message(world.Message{BotID: "B", Text: text, Blocks: blocks, TS: text})))
		wellFormed(t, string(c.Message(world.Message{User: text, Text: text, Files: []string{text}, Attachments: []kit.Object{{"text": text, "title": text, "title_link": text}}})))
		wellFormed(t, string(c.Modal(world.View{Title: text, SubmitLabel: text, CloseLabel: text, Blocks: blocks, Errors: map[string]string{text: text}})))
		wellFormed(t, string(c.Home(world.View{Blocks: blocks})))
		if controls := strings.ContainsFunc(text, func(r rune) bool {
			return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
		}); !controls && utf8.ValidString(text) {
			said := string(c.Message(world.Message{BotID: "B", Blocks: []kit.Object{{"type": "header", "text": plain}}}))
			_, inner, _ := strings.Cut(said, `<h3 class="block header">`)
			inner, _, _ = strings.Cut(inner, "</h3>")
			if got := words(t, inner); got != text {
				t.Errorf("%q reads %q", text, got)
			}
		}
	})
}

// Whatever JSON comes, something is drawn of each block.
func FuzzBlocks(f *testing.F) {
	for _, blocks := range kinds(f) {
		raw, err := json.Marshal(blocks)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var blocks []kit.Object
		if json.Unmarshal(raw, &blocks) != nil {
			return
		}
		for _, live := range []bool{false, true} {
			drawn := string(page.Client{Live: live}.Message(world.Message{Blocks: blocks}))
			wellFormed(t, drawn)
			if n := strings.Count(drawn, `class="block`); n < len(blocks)+1 { // and the frame around them
				t.Errorf("%d of %d blocks in %s", n-1, len(blocks), drawn)
			}
		}
	})
}
