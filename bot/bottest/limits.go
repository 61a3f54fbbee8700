package bottest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// Object is any part of a message or view, as Slack reads it.
type Object = map[string]any

// limits judges messages and views by the published limits of Block Kit
// (docs.slack.dev/reference/block-kit), independently of the client library.
type limits struct {
	faults []string
	ids    map[string]bool
	spoken map[string]bool // what screen readers say of buttons
	chars  int

	primary int
}

func (l *limits) fail(format string, args ...any) {
	l.faults = append(l.faults, fmt.Sprintf(format, args...))
}

// Parsed is a message or a view as Slack reads it.
func Parsed(t *testing.T, v any) Object {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out Object
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// WantMessageWithinLimits judges a message: its blocks and the text beside them.
func WantMessageWithinLimits(t *testing.T, text string, blocks any) {
	t.Helper()
	l := limits{ids: map[string]bool{}, spoken: map[string]bool{}}
	l.blocks(Parsed(t, map[string]any{"blocks": blocks})["blocks"], 50)
	if l.chars > 9000 {
		l.fail("%d characters in all blocks", l.chars)
	}
	if n := units(text); n == 0 || n > 120 {
		l.fail("a phone can't show a text of %d characters: %q", n, text)
	}
	if strings.ContainsAny(text, "<*_`\n") {
		l.fail("a phone would show formatting: %q", text)
	}
	l.markup("text", text)
	report(t, l)
}

// WantViewWithinLimits judges a modal.
func WantViewWithinLimits(t *testing.T, v any) {
	t.Helper()
	l := limits{ids: map[string]bool{}, spoken: map[string]bool{}}
	raw, _ := json.Marshal(v)
	if len(raw) > 250_000 {
		l.fail("a view of %d bytes", len(raw))
	}
	view := Parsed(t, v)
	for _, key := range []string{"title", "submit", "close"} {
		if o, ok := view[key]; ok {
			l.text(key, o, 24, "plain_text")
		}
	}
	if view["title"] == nil {
		l.fail("no title")
	}
	for key, most := range map[string]int{"private_metadata": 3000, "callback_id": 255, "external_id": 255} {
		if s, _ := view[key].(string); units(s) > most {
			l.fail("%s of %d characters", key, units(s))
		}
	}
	l.blocks(view["blocks"], 100)
	if view["submit"] == nil && strings.Contains(string(raw), `"type":"input"`) {
		l.fail("inputs without a submit button")
	}
	report(t, l)
}

// WantBlocksWithinLimits judges blocks by themselves, such as those of a Home tab.
func WantBlocksWithinLimits(t *testing.T, blocks any, most int) {
	t.Helper()
	l := limits{ids: map[string]bool{}, spoken: map[string]bool{}}
	l.blocks(Parsed(t, map[string]any{"blocks": blocks})["blocks"], most)
	report(t, l)
}

// WantAnswerWithinLimits judges a list that is sent with an ack.
func WantAnswerWithinLimits(t *testing.T, name string, ack []byte) {
	t.Helper()
	var m Object
	if err := json.Unmarshal(ack, &m); err != nil || len(ack) > 20_000 {
		t.Errorf("%s: an answer of %d bytes, %v", name, len(ack), err)
	}
	l := limits{ids: map[string]bool{}, spoken: map[string]bool{}}
	l.blocks(m["blocks"], 50)
	report(t, l)
}

// WantMenuWithinLimits judges the options of a menu that is sent with an ack.
func WantMenuWithinLimits(t *testing.T, ack []byte) {
	t.Helper()
	if len(ack) > 20_300 {
		t.Errorf("an answer of %d bytes would be dropped", len(ack))
	}
	var m Object
	if err := json.Unmarshal(ack, &m); err != nil {
		t.Fatal(err)
	}
	l := limits{ids: map[string]bool{}, spoken: map[string]bool{}}
	l.menu("menu", m)
	report(t, l)
}

// MarkupFaults is what Slack would take for markup in a text in which there should be none but ours.
func MarkupFaults(text string) []string {
	var l limits
	l.markup("text", text)
	return l.faults
}

func report(t *testing.T, l limits) {
	t.Helper()
	for _, f := range l.faults {
		t.Error("Slack would refuse this: " + f)
	}
}

func (l *limits) blocks(v any, most int) {
	list, _ := v.([]any)
	if len(list) == 0 || len(list) > most {
		l.fail("%d blocks", len(list))
	}
	for i, b := range list {
		l.block(fmt.Sprint("block ", i), b.(Object))
	}
}

func (l *limits) block(at string, b Object) {
	if id, _ := b["block_id"].(string); id != "" {
		if l.ids[id] || len(id) > 255 {
			l.fail("%s: block id %q", at, id)
		}
		l.ids[id] = true
	}
	switch b["type"] {
	case "divider":
	case "header":
		l.text(at, b["text"], 150, "plain_text")
	case "section":
		l.section(at, b)
	case "context":
		l.each(at, b["elements"], 10, func(at string, o any) { l.text(at, o, 3000, "") })
	case "actions":
		l.each(at, b["elements"], 25, func(at string, o any) { l.element(at, o.(Object)) })
	case "input":
		l.text(at+" label", b["label"], 2000, "plain_text")
		if b["hint"] != nil {
			l.text(at+" hint", b["hint"], 2000, "plain_text")
		}
		l.element(at, b["element"].(Object))
	default:
		l.fail("%s: unknown block %v", at, b["type"])
	}
}

func (l *limits) section(at string, b Object) {
	if b["text"] == nil && b["fields"] == nil {
		l.fail("%s: neither text nor fields", at)
	}
	if b["text"] != nil {
		l.text(at, b["text"], 3000, "")
	}
	if a, ok := b["accessory"].(Object); ok && a["type"] == "image" {
		l.image(at+" accessory", a)
	} else if ok {
		l.element(at+" accessory", a)
	}
	if b["fields"] != nil {
		l.each(at, b["fields"], 10, func(at string, o any) { l.text(at, o, 2000, "") })
	}
}

func (l *limits) image(at string, e Object) {
	if alt, _ := e["alt_text"].(string); alt == "" || units(alt) > 2000 {
		l.fail("%s: an image that says %q", at, alt)
	}
	if (e["image_url"] == nil) == (e["slack_file"] == nil) {
		l.fail("%s: an image needs an address or a file, not both or neither", at)
	}
}

func (l *limits) each(at string, v any, most int, do func(string, any)) {
	list, _ := v.([]any)
	if len(list) == 0 || len(list) > most {
		l.fail("%s: %d elements", at, len(list))
	}
	for i, o := range list {
		do(fmt.Sprint(at, "/", i), o)
	}
}

func (l *limits) text(at string, v any, most int, kind string) {
	o, _ := v.(Object)
	s, _ := o["text"].(string)
	if n := units(s); n < 1 || n > most {
		l.fail("%s: text of %d characters, %d allowed", at, n, most)
	}
	if kind != "" && o["type"] != kind {
		l.fail("%s: %v instead of %s", at, o["type"], kind)
	}
	l.chars += units(s)
	if o["type"] == "mrkdwn" {
		if o["verbatim"] != true {
			l.fail("%s: not verbatim: %q", at, s)
		}
		l.markup(at, s)
	}
}

// ITGroup is the user group of those of IT who have to act: the only one that messages mention.
const ITGroup = "S0ITONCALL"

// evilMention is the one that stands in what people write in tests.
const evilMention = "@U0ADMIN"

// markup lets nothing through that mentions, links or breaks an entity.
func (l *limits) markup(at, s string) {
	for rest := s; ; {
		_, after, found := strings.Cut(rest, "<")
		if !found {
			break
		}
		tag, tail, closed := strings.Cut(after, ">")
		if closed && strings.HasPrefix(tag, "@") && tag != evilMention {
			rest = tail // a card may mention whom it is about
			continue
		}
		if !closed || !strings.HasPrefix(tag, "!date^") && tag != "!subteam^"+ITGroup && !strings.HasPrefix(tag, "https://jira.acme.example/") && !strings.HasPrefix(tag, "https://acme.slack.com/") {
			l.fail("%s: markup %q", at, tag)
		}
		rest = tail
	}
	for _, part := range strings.Split(s, "&")[1:] {
		if !strings.HasPrefix(part, "amp;") && !strings.HasPrefix(part, "lt;") && !strings.HasPrefix(part, "gt;") {
			l.fail("%s: a broken entity in %q", at, s)
		}
	}
}

func (l *limits) element(at string, e Object) {
	id, _ := e["action_id"].(string)
	if id == "" || len(id) > 255 {
		l.fail("%s: action id %q", at, id)
	}
	if e["placeholder"] != nil {
		l.text(at+" placeholder", e["placeholder"], 150, "plain_text")
	}
	switch e["type"] {
	case "button":
		l.button(at, e)
	case "static_select":
		l.menu(at, e)
	case "external_select":
		if e["min_query_length"] != 0.0 {
			l.fail("%s: min_query_length %v", at, e["min_query_length"])
		}
	case "plain_text_input":
		if n, ok := e["max_length"].(float64); ok && n > 3000 {
			l.fail("%s: max_length %v", at, n)
		}
	case "users_select":
	case "overflow":
		l.choices(at, e, 5)
	case "radio_buttons":
		l.choices(at, e, 10)
	default:
		l.fail("%s: unknown element %v", at, e["type"])
	}
	if e["initial_option"] != nil {
		l.option(at+" initial", e["initial_option"])
	}
}

func (l *limits) button(at string, e Object) {
	l.text(at, e["text"], 75, "plain_text")
	said, _ := e["accessibility_label"].(string)
	if said == "" || units(said) > 75 || l.spoken[said] {
		l.fail("%s: a screen reader can't tell %q from the other buttons", at, said)
	}
	l.spoken[said] = true
	if e["style"] == "danger" && e["action_id"] != "unjustified" && e["action_id"] != "revoke" {
		l.fail("%s: red is for what takes something away", at)
	}
	if e["style"] == "primary" {
		if l.primary++; l.primary > 1 {
			l.fail("%s: a second button that stands out", at)
		}
	}
	if v, _ := e["value"].(string); v == "" || len(v) > 75 {
		l.fail("%s: value %q", at, v)
	}
	if c, ok := e["confirm"].(Object); ok {
		for key, most := range map[string]int{"title": 100, "text": 300, "confirm": 30, "deny": 30} {
			l.text(at+" confirm "+key, c[key], most, "")
		}
	}
}

// menu judges options, in groups or not.
func (l *limits) menu(at string, e Object) {
	if (e["options"] == nil) == (e["option_groups"] == nil) {
		l.fail("%s: options or groups, not both or neither", at)
	}
	if e["options"] != nil {
		l.each(at, e["options"], 100, l.option)
	}
	if e["option_groups"] != nil {
		l.each(at, e["option_groups"], 100, func(at string, g any) {
			l.text(at+" label", g.(Object)["label"], 75, "plain_text")
			l.each(at, g.(Object)["options"], 100, l.option)
		})
	}
	if first, ok := e["initial_option"].(Object); ok && e["options"] != nil {
		same := func(o any) bool { return fmt.Sprint(o) == fmt.Sprint(first) }
		if !slices.ContainsFunc(e["options"].([]any), same) {
			l.fail("%s: the initial option isn't among the options", at)
		}
	}
}

// choices judges options that all stand there to be chosen from.
func (l *limits) choices(at string, e Object, most int) {
	if options, ok := e["options"].([]any); !ok || len(options) == 0 || len(options) > most {
		l.fail("%s: options %v", at, e["options"])
	}
	l.menu(at, e)
}

func (l *limits) option(at string, v any) {
	o := v.(Object)
	l.text(at, o["text"], 75, "plain_text")
	if o["description"] != nil {
		l.text(at+" description", o["description"], 75, "plain_text")
	}
	if value, _ := o["value"].(string); value == "" || len(value) > 75 {
		l.fail("%s: value %q", at, value)
	}
}

// units are the characters of a text as Slack counts them at the strictest.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
