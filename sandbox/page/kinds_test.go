package page_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/sandbox/page"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// noon is a moment on a Monday.
func noon() time.Time { return time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC) }

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func reader(t testing.TB) page.Client {
	return page.Client{Zone: berlin(t), Now: noon(), Names: page.Names{
		Users: map[string]string{"U1": "Maya Lind"}, Channels: map[string]string{"C1": "it-access"}, Groups: map[string]string{"S1": "it"},
	}}
}

// kinds is one block of every kind that Slack documents, and every element in one.
func kinds(t testing.TB) map[string][]kit.Object {
	t.Helper()
	raw, err := os.ReadFile("testdata/kinds.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]kit.Object
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// golden compares with a golden file, one tag a line.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// Every kind of block has a picture of its own. What is unknown is drawn with its words.
func TestKinds(t *testing.T) {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(kinds(t))) {
		drawn := string(reader(t).Message(world.Message{BotID: "B1", TS: "1795428000.000100", Blocks: kinds(t)[name]}))
		wellFormed(t, drawn)
		if strings.Contains(drawn, "unknown block") != (name == "unknown") {
			t.Errorf("%s: %s", name, drawn)
		}
		_, inner, _ := strings.Cut(drawn, `<div class="blocks">`)
		all.WriteString("==== " + name + "\n" + strings.TrimSuffix(inner, "</div></div></article>") + "\n\n")
	}
	golden(t, "kinds", all.String())
}

// Every kind can be worked, too: what is to be filled in has a field, and nothing is less than what is only looked at.
func TestKindsCanBeWorked(t *testing.T) {
	c := reader(t)
	c.Live = true
	for name, blocks := range kinds(t) {
		for _, drawn := range c.Blocks(world.View{Blocks: blocks, State: kit.InitialState(blocks)}) {
			wellFormed(t, string(drawn.HTML))
			if strings.Contains(string(drawn.HTML), "unknown block") != (name == "unknown") {
				t.Errorf("%s: %s", name, drawn.HTML)
			}
		}
		for _, s := range kit.Slots(blocks) {
			drawn := string(c.Message(world.Message{BotID: "B1", TS: "1795428000.000100", Blocks: blocks, State: kit.InitialState(blocks)}))
			if s.Blank() != nil && s.Kind() != "file_input" && !strings.Contains(drawn, "<input") && !strings.Contains(drawn, "<select") && !strings.Contains(drawn, "<textarea") {
				t.Errorf("%s: nothing to fill %s in with: %s", name, s.Kind(), drawn)
			}
		}
	}
}

// Messages, modals and Home tabs have their frames; what was entered and what is wrong is seen.
func TestFrames(t *testing.T) {
	c := reader(t)
	hello := []kit.Object{{"type": "section", "text": kit.Plain("Hello")}}
	form := []kit.Object{{"type": "input", "block_id": "why", "label": kit.Plain("Why"), "element": kit.Object{"type": "plain_text_input", "action_id": "a", "multiline": true}}}
	entered := map[string]map[string]kit.Object{"why": {"a": {"type": "plain_text_input", "value": "<b>Because</b>"}}}
	for name, drawn := range map[string]page.HTML{
		"message":  c.Message(world.Message{BotID: "B1", TS: "1795428000.000100", Blocks: hello}),
		"whisper":  c.Message(world.Message{BotID: "B1", TS: "1795428000.000100", Text: "No *blocks*", Ephemeral: true}),
		"person":   c.Message(world.Message{User: "U1", TS: "1795428000.000100", Text: "What for?"}),
		"attached": c.Message(world.Message{User: "U2", TS: "x", Files: []string{"F1"}, Attachments: []kit.Object{{"pretext": "before", "title": "Title", "title_link": "https://acme.example", "text": "*text*", "fields": []any{kit.Object{"title": "One", "value": "1"}}, "blocks": []any{hello[0]}, "footer": "below &amp; after"}}}),
		"modal":    c.Modal(world.View{Title: "Request access", SubmitLabel: "Ask", CloseLabel: "Cancel", Blocks: form, State: entered, Errors: map[string]string{"why": "Say more."}}),
		"notice":   c.Modal(world.View{Title: "Done", Blocks: hello}),
		"home":     c.Home(world.View{Type: "home", Blocks: hello}),
	} {
		t.Run(name, func(t *testing.T) {
			wellFormed(t, string(drawn))
			golden(t, name, string(drawn))
		})
	}
}

// A document loads nothing and runs nothing of others.
func TestDocumentLoadsNothing(t *testing.T) {
	doc := page.Document("</title><script>alert(1)</script>", reader(t).Message(world.Message{Text: "hi"}))
	for _, bad := range []string{"url(", "@import", " src=", "<link", "<script>alert", "http://", "https://"} {
		if strings.Contains(doc, bad) {
			t.Errorf("%q is in it", bad)
		}
	}
	for _, good := range []string{"default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", "&lt;/title&gt;"} {
		if !strings.Contains(doc, good) {
			t.Errorf("%q isn't in it", good)
		}
	}
}

// workspace is one with a member, a group and a channel.
type workspace struct{}

func (workspace) Users() []world.User {
	return []world.User{{ID: "U1", RealName: "Maya Lind", Name: "maya"}, {ID: "U2", Name: "bot"}}
}
func (workspace) UserGroups() []world.UserGroup { return []world.UserGroup{{ID: "S1", Handle: "it"}} }
func (workspace) Channels() []world.Channel     { return []world.Channel{{ID: "C1", Name: "general"}} }

func TestNamesIn(t *testing.T) {
	want := page.Names{Users: map[string]string{"U1": "Maya Lind", "U2": "bot"}, Groups: map[string]string{"S1": "it"}, Channels: map[string]string{"C1": "general"}}
	if diff := cmp.Diff(want, page.NamesIn(workspace{})); diff != "" {
		t.Error(diff)
	}
}
