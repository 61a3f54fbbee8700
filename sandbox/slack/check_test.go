package slack_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"latchkey/sandbox/slack"
)

func repeat(s string, n int) string { return strings.Repeat(s, n) }

// many joins n copies of a JSON value, %d replaced by the index.
func many(n int, format string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = strings.ReplaceAll(format, "%d", fmt.Sprint(i))
	}
	return strings.Join(out, ",")
}

const (
	divider = `{"type":"divider"}`
	button  = `{"type":"button","action_id":"b%d","text":{"type":"plain_text","text":"B"}}`
	option  = `{"text":{"type":"plain_text","text":"O"},"value":"%d"}`
)

func section(text string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}`
}

func withAccessory(e string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":` + e + `}`
}

// One row per limit of Block Kit in messages; want is Slack's message, "" if
// the message must be taken.
func TestBlockLimits(t *testing.T) {
	d := newDesk(t, slack.Config{BlockTextLimit: 1 << 20})
	rows := []struct{ name, blocks, want string }{
		{"50 blocks", many(50, divider), ""},
		{"51 blocks", many(51, divider), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"section 3000", section(repeat("x", 3000)), ""},
		{"section 3001", section(repeat("x", 3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"section empty", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"section nothing", `{"type":"section"}`, "missing required field: text or fields [json-pointer:/blocks/0]"},
		{"10 fields", `{"type":"section","fields":[` + many(10, `{"type":"mrkdwn","text":"x"}`) + `]}`, ""},
		{"11 fields", `{"type":"section","fields":[` + many(11, `{"type":"mrkdwn","text":"x"}`) + `]}`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"field 2001", `{"type":"section","fields":[{"type":"mrkdwn","text":"` + repeat("x", 2001) + `"}]}`, "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		{"header 150", `{"type":"header","text":{"type":"plain_text","text":"` + repeat("ä", 150) + `"}}`, ""},
		{"header 151", `{"type":"header","text":{"type":"plain_text","text":"` + repeat("ä", 151) + `"}}`, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		{"header mrkdwn", `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`, "failed to match all allowed schemas [json-pointer:/blocks/0/text]"},
		{"25 buttons", `{"type":"actions","elements":[` + many(25, button) + `]}`, ""},
		{"26 buttons", divider + `,{"type":"actions","elements":[` + many(26, button) + `]}`, "no more than 25 items allowed [json-pointer:/blocks/1/elements]"},
		{"same action twice", `{"type":"actions","elements":[` + many(2, strings.ReplaceAll(button, "%d", "")) + `]}`, "`action_id` b already exists"},
		{"button 76", `{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"` + repeat("x", 76) + `"}}]}`, "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		{"button value 2001", `{"type":"actions","elements":[{"type":"button","value":"` + repeat("x", 2001) + `","text":{"type":"plain_text","text":"x"}}]}`, "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		{"button style", `{"type":"actions","elements":[{"type":"button","style":"warning","text":{"type":"plain_text","text":"x"}}]}`, "must be one of the following: primary, danger"},
		{"confirm title 101", `{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"confirm":{"title":{"type":"plain_text","text":"` + repeat("x", 101) + `"},"text":{"type":"plain_text","text":"x"},"confirm":{"type":"plain_text","text":"x"},"deny":{"type":"plain_text","text":"x"}}}]}`, "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]"},
		{"text input in actions", `{"type":"actions","elements":[{"type":"plain_text_input"}]}`, "unsupported type: plain_text_input"},
		{"10 in context", `{"type":"context","elements":[` + many(10, `{"type":"mrkdwn","text":"x"}`) + `]}`, ""},
		{"11 in context", `{"type":"context","elements":[` + many(11, `{"type":"mrkdwn","text":"x"}`) + `]}`, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
		{"100 options", withAccessory(`{"type":"static_select","options":[` + many(100, option) + `]}`), ""},
		{"101 options", withAccessory(`{"type":"static_select","options":[` + many(101, option) + `]}`), "no more than 100 items allowed [json-pointer:/blocks/0/accessory/options]"},
		{"6 in overflow", withAccessory(`{"type":"overflow","options":[` + many(6, option) + `]}`), "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]"},
		{"11 checkboxes", withAccessory(`{"type":"checkboxes","options":[` + many(11, option) + `]}`), "no more than 10 items allowed"},
		{"option text 76", withAccessory(`{"type":"static_select","options":[{"text":{"type":"plain_text","text":"` + repeat("x", 76) + `"},"value":"x"}]}`), "must be less than 76 characters"},
		{"option value 151", withAccessory(`{"type":"static_select","options":[{"text":{"type":"plain_text","text":"x"},"value":"` + repeat("x", 151) + `"}]}`), "must be less than 151 characters"},
		{"initial not offered", withAccessory(`{"type":"static_select","initial_option":{"text":{"type":"plain_text","text":"no"},"value":"no"},"options":[` + option + `]}`), "initial option not found"},
		{"options and groups", withAccessory(`{"type":"static_select","options":[` + option + `],"option_groups":[]}`), "only one of options and option_groups"},
		{"placeholder 151", withAccessory(`{"type":"users_select","placeholder":{"type":"plain_text","text":"` + repeat("x", 151) + `"}}`), "must be less than 151 characters"},
		{"same block_id twice", many(2, `{"type":"divider","block_id":"a"}`), "`block_id` a already exists"},
		{"block_id 256", `{"type":"divider","block_id":"` + repeat("x", 256) + `"}`, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
		{"action_id 256", withAccessory(`{"type":"users_select","action_id":"` + repeat("x", 256) + `"}`), "must be less than 256 characters"},
		{"no alt_text", `{"type":"image","image_url":"https://x.example/a.png"}`, "missing required field: alt_text"},
		{"unknown type", `{"type":"sektion"}`, "unsupported type: sektion [json-pointer:/blocks/0/type]"},
		{"unknown key", `{"type":"divider","colour":"red"}`, "invalid additional property: colour [json-pointer:/blocks/0]"},
		{"input in a message", `{"type":"input"}`, "unsupported type: input"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			body := d.call("chat.postMessage", d.Config().BotToken, url.Values{"channel": {d.general.ID}, "blocks": {"[" + row.blocks + "]"}})
			wantProblem(t, body, "invalid_blocks", row.want)
		})
	}
}

func wantProblem(t *testing.T, body map[string]any, code, want string) {
	t.Helper()
	if want == "" {
		if body["ok"] != true {
			t.Errorf("refused: %v", body)
		}
		return
	}
	if body["error"] != code {
		t.Fatalf("answer %v, want %s", body, code)
	}
	meta, _ := json.Marshal(body["response_metadata"])
	var m struct{ Messages []string }
	must(t, json.Unmarshal(meta, &m))
	if len(m.Messages) == 0 || !strings.HasPrefix(m.Messages[0], "[ERROR] "+want) && !strings.Contains(m.Messages[0], want) {
		t.Errorf("messages %q, want %q", m.Messages, want)
	}
	if list, _ := body["errors"].([]any); code == "invalid_blocks" && len(list) != len(m.Messages) {
		t.Errorf("errors %v do not match the messages", list)
	}
}

// One row per limit of views.
func TestViewLimits(t *testing.T) {
	d := newDesk(t, slack.Config{})
	modal := func(rest string) string {
		return `{"type":"modal","title":{"type":"plain_text","text":"T"},` + rest + `}`
	}
	input := `{"type":"input","block_id":"i%d","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"a"}}`
	submit := `"submit":{"type":"plain_text","text":"Go"},`
	rows := []struct{ name, view, want string }{
		{"100 blocks", modal(`"blocks":[` + many(100, divider) + `]`), ""},
		{"101 blocks", modal(`"blocks":[` + many(101, divider) + `]`), "no more than 100 items allowed [json-pointer:/view/blocks]"},
		{"no blocks", modal(`"blocks":null`), "missing required field: blocks [json-pointer:/view]"},
		{"no title", `{"type":"modal","blocks":[` + divider + `]}`, "missing required field: title [json-pointer:/view]"},
		{"title 25", `{"type":"modal","title":{"type":"plain_text","text":"` + repeat("x", 25) + `"},"blocks":[` + divider + `]}`, "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"submit 25", modal(`"submit":{"type":"plain_text","text":"` + repeat("x", 25) + `"},"blocks":[` + divider + `]`), "must be less than 25 characters [json-pointer:/view/submit/text]"},
		{"input without submit", modal(`"blocks":[` + input + `]`), "missing required field: submit [json-pointer:/view]"},
		{"input", modal(submit + `"blocks":[` + input + `]`), ""},
		{"button as input", modal(submit + `"blocks":[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"button","text":{"type":"plain_text","text":"x"}}}]`), "unsupported type: button [json-pointer:/view/blocks/0/element/type]"},
		{"label 2001", modal(submit + `"blocks":[{"type":"input","label":{"type":"plain_text","text":"` + repeat("x", 2001) + `"},"element":{"type":"plain_text_input"}}]`), "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"},
		{"max_length 3001", modal(submit + `"blocks":[{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input","max_length":3001}}]`), "must be less than or equal to 3000"},
		{"metadata 3000", modal(`"private_metadata":"` + repeat("x", 3000) + `","blocks":[` + divider + `]`), ""},
		{"metadata 3001", modal(`"private_metadata":"` + repeat("x", 3001) + `","blocks":[` + divider + `]`), "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		{"callback_id 256", modal(`"callback_id":"` + repeat("x", 256) + `","blocks":[` + divider + `]`), "must be less than 256 characters [json-pointer:/view/callback_id]"},
		{"home in views.open", `{"type":"home","blocks":[` + divider + `]}`, "must be one of the following: modal"},
	}
	l := d.dial()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			body := d.call("views.open", d.Config().BotToken, url.Values{"trigger_id": {d.trigger(l)}, "view": {row.view}})
			wantProblem(t, body, "invalid_arguments", row.want)
		})
	}
	body := d.call("views.open", d.Config().BotToken, url.Values{"trigger_id": {d.trigger(l)},
		"view": {modal(`"blocks":[` + many(100, section(repeat("x", 2900))) + `]`)}})
	if body["error"] != "view_too_large" {
		t.Errorf("290 kB of view: %v", body)
	}
}

// trigger lets Maya run the command and returns the trigger id it came with.
func (d *desk) trigger(l *line) string {
	d.t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := d.Slash(d.ctx(), d.maya.ID, d.general.ID, "")
		done <- err
	}()
	f := l.read()
	var p struct {
		TriggerID string `json:"trigger_id"`
	}
	f.decode(d.t, &p)
	l.ack(f.EnvelopeID, nil)
	must(d.t, <-done)
	return p.TriggerID
}

func TestTooMuchText(t *testing.T) {
	d := newDesk(t, slack.Config{})
	form := url.Values{"channel": {d.general.ID}, "blocks": {"[" + many(4, section(repeat("x", 2900))) + "]"}}
	if body := d.call("chat.postMessage", d.Config().BotToken, form); body["error"] != "msg_blocks_too_long" {
		t.Errorf("11 600 characters in legal blocks: %v", body)
	}
	form = url.Values{"channel": {d.general.ID}, "text": {repeat("x", 40001)}}
	if body := d.call("chat.postMessage", d.Config().BotToken, form); body["warning"] != "message_truncated" {
		t.Errorf("40 001 characters of text: warning %v", body["warning"])
	}
	form = url.Values{"channel": {d.general.ID}, "blocks": {`[{"type":"table","rows":[]}]`}}
	if body := d.call("chat.postMessage", d.Config().BotToken, form); body["status"] != 501 {
		t.Errorf("an unmodelled block type was not refused: %v", body)
	}
}
