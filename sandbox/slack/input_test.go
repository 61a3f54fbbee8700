package slack_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"latchkey/sandbox/slack"
)

// form opens a modal with the given blocks for Maya and returns its id.
func (d *desk) form(l *line, blocks string) string {
	d.t.Helper()
	view := `{"type":"modal","title":{"type":"plain_text","text":"Form"},"submit":{"type":"plain_text","text":"Go"},"blocks":[` + blocks + `]}`
	body := d.call("views.open", d.Config().BotToken, url.Values{"trigger_id": {d.trigger(l)}, "view": {view}})
	if body["ok"] != true {
		d.t.Fatalf("views.open: %v", body)
	}
	return body["view"].(map[string]any)["id"].(string)
}

func input(id, rest, element string) string {
	return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"` + id + `"},` + rest + `"element":{"action_id":"a",` + element + `}}`
}

const twoOptions = `"options":[{"text":{"type":"plain_text","text":"High"},"value":"h"},{"text":{"type":"plain_text","text":"Low"},"value":"l"}]`

// Every kind of input takes what a person would give it, refuses the rest, and
// arrives in the shape Slack gives it.
func TestInputs(t *testing.T) {
	d := newDesk(t, slack.Config{})
	rows := []struct {
		element string
		good    any
		want    string // JSON of the state; %s is Maya, %c #general
		bad     any
	}{
		{`"type":"plain_text_input"`, "text", `{"type":"plain_text_input","value":"text"}`, []string{"a", "b"}},
		{`"type":"number_input","is_decimal_allowed":false`, 7, `{"type":"number_input","value":"7"}`, struct{}{}},
		{`"type":"static_select",` + twoOptions, "High", `{"selected_option":{"text":{"emoji":true,"text":"High","type":"plain_text"},"value":"h"},"type":"static_select"}`, "None"},
		{`"type":"radio_buttons",` + twoOptions, "l", `{"selected_option":{"text":{"emoji":true,"text":"Low","type":"plain_text"},"value":"l"},"type":"radio_buttons"}`, "None"},
		{`"type":"checkboxes",` + twoOptions, []string{}, `{"selected_options":[],"type":"checkboxes"}`, []string{"None"}},
		{`"type":"multi_users_select","max_selected_items":1`, []any{"maya"}, `{"selected_users":["%s"],"type":"multi_users_select"}`, []string{"maya", "noor"}},
		{`"type":"users_select"`, "@maya", `{"selected_user":"%s","type":"users_select"}`, "nobody"},
		{`"type":"conversations_select"`, "#general", `{"selected_conversation":"%c","type":"conversations_select"}`, "#nowhere"},
		{`"type":"datepicker"`, "2026-12-01", `{"selected_date":"2026-12-01","type":"datepicker"}`, "tomorrow"},
		{`"type":"timepicker"`, "09:30", `{"selected_time":"09:30","type":"timepicker"}`, "noon"},
		{`"type":"datetimepicker"`, 1796119200, `{"selected_date_time":1796119200,"type":"datetimepicker"}`, "soon"},
	}
	l := d.dial()
	_, err := d.SetInput(d.ctx(), d.maya.ID, d.form(l, input("b", "", rows[2].element)), "b", "None")
	if err == nil || !strings.Contains(err.Error(), `offers no "None": choose one of ["High" "Low"]`) {
		t.Errorf("what isn't offered: %v", err)
	}
	for _, row := range rows {
		id := d.form(l, input("b", "", row.element))
		if _, err := d.SetInput(d.ctx(), d.maya.ID, id, "b", row.bad); err == nil {
			t.Errorf("%s took %v", row.element, row.bad)
		}
		out, err := d.SetInput(d.ctx(), d.maya.ID, id, "a", row.good)
		must(t, err)
		if out.EnvelopeID != "" {
			t.Errorf("%s: an input block without dispatch_action told the app", row.element)
		}
		got, err := json.Marshal(d.Views(d.maya.ID)[0].State["b"]["a"])
		must(t, err)
		if want := strings.NewReplacer("%s", d.maya.ID, "%c", d.general.ID).Replace(row.want); string(got) != want {
			t.Errorf("state %s, want %s", got, want)
		}
	}
}

// The client holds back what it can see is wrong.
func TestSubmitChecks(t *testing.T) {
	d := newDesk(t, slack.Config{})
	rows := []struct{ rest, element, value, want string }{
		{"", `"type":"plain_text_input"`, "", "Please complete this required field."},
		{`"optional":true,`, `"type":"plain_text_input"`, "", ""},
		{"", `"type":"plain_text_input","min_length":3`, "ab", "Must be at least 3 characters."},
		{"", `"type":"plain_text_input","max_length":3`, "abcd", "Must be less than 4 characters."},
		{"", `"type":"email_text_input"`, "maya", "Enter an email address."},
		{"", `"type":"url_text_input"`, "maya", "Enter a URL."},
		{"", `"type":"number_input","is_decimal_allowed":false`, "1.5", "Enter a number."},
		{"", `"type":"number_input","is_decimal_allowed":true,"max_value":"2"`, "2.5", "Must be at most 2."},
		{"", `"type":"plain_text_input","initial_value":"given"`, "given", ""},
	}
	for _, row := range rows {
		l := d.dial()
		id := d.form(l, input("b", row.rest, row.element))
		_, err := d.SetInput(d.ctx(), d.maya.ID, id, "b", row.value)
		must(t, err)
		l.serve(func(frame) any { return nil })
		out, err := d.Submit(d.ctx(), d.maya.ID, id)
		must(t, err)
		if out.Errors["b"] != row.want || out.Closed != (row.want == "") {
			t.Errorf("%s with %q: %+v, want %q", row.element, row.value, out, row.want)
		}
		l.ws.Close()
		d.wait("the line to end", func() bool { return d.Connections() == 0 })
	}
}

func TestSuggest(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	id := d.form(l, input("b", "", `"type":"external_select"`)+","+
		strings.ReplaceAll(input("c", "", `"type":"multi_external_select","min_query_length":1`), `"a"`, `"c"`))
	l.serve(func(f frame) any {
		var p struct{ Value string }
		if json.Unmarshal(f.Payload, &p) != nil || p.Value == "none" {
			return raw(`{"options":[]}`)
		}
		if p.Value == "many" {
			return raw(`{"options":[` + many(101, option) + `]}`)
		}
		return raw(`{"option_groups":[{"label":{"type":"plain_text","text":"Apps"},"options":[{"text":{"type":"plain_text","text":"` + p.Value + `!"},"value":"` + p.Value + `"}]}]}`)
	})
	none, err := d.Suggest(d.ctx(), d.maya.ID, id, "a", "fi")
	if err != nil || none != nil || d.Stats()["envelope:interactive"] != 0 {
		t.Errorf("two letters asked the app: %v, %v", none, err)
	}
	got, err := d.Suggest(d.ctx(), d.maya.ID, id, "a", "figma")
	must(t, err)
	if fmt.Sprintln(len(got), got[0].Text, got[0].Value, got[0].Group) != "1 figma! figma Apps\n" {
		t.Errorf("suggested %+v", got)
	}
	if _, err = d.SetInput(d.ctx(), d.maya.ID, id, "b", "none"); err == nil {
		t.Error("an option was taken that the app never offered")
	}
	_, err = d.SetInput(d.ctx(), d.maya.ID, id, "c", []string{"x", "y"})
	must(t, err)
	if text := slack.Render(d.Views(d.maya.ID)[0]); !strings.Contains(text, "c: x!, y!") {
		t.Errorf("the form reads %q", text)
	}
	noViolations(t, d)
	if _, err = d.Suggest(d.ctx(), d.maya.ID, id, "a", "many"); err == nil {
		t.Error("101 options were taken")
	}
	wantViolation(t, d, "no more than 100 items allowed")
}

// An input with dispatch_action, and any element outside an input block, tells
// the app; an empty state may come as a list.
func TestDispatch(t *testing.T) {
	d := newDesk(t, slack.Config{EmptyStateAsList: true})
	l := d.dial()
	id := d.form(l, input("b", `"dispatch_action":true,`, `"type":"plain_text_input"`))
	got := make(chan string, 2)
	l.serve(func(f frame) any { got <- string(f.Payload); return nil })
	out, err := d.SetInput(d.ctx(), d.maya.ID, id, "b", "typed")
	must(t, err)
	if p := <-got; !out.Acked || !strings.Contains(p, `"type":"block_actions"`) || !strings.Contains(p, `"value":"typed"`) {
		t.Errorf("payload %s", p)
	}
	body := d.call("views.publish", d.Config().BotToken, url.Values{"user_id": {d.maya.ID}, "view": {`{"type":"home","blocks":[
		{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Ask for access"}}]}]}`}})
	if body["ok"] != true {
		t.Fatal(body)
	}
	home, _ := d.Home(d.maya.ID)
	_, err = d.Click(d.ctx(), d.maya.ID, slack.Click{ViewID: home.ID, Label: "Ask for access"})
	must(t, err)
	if p := <-got; !strings.Contains(p, `"state":{"values":[]}`) {
		t.Errorf("payload %s", p)
	}
}

// Menus in messages keep what was chosen and read like this.
func TestMenusInMessages(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	body := d.call("chat.postMessage", d.Config().BotToken, url.Values{"channel": {d.maya.ID}, "blocks": {`[
		{"type":"header","text":{"type":"plain_text","text":"Review"}},{"type":"divider"},
		{"type":"section","text":{"type":"mrkdwn","text":"*Risk*"},"accessory":{"type":"static_select","action_id":"risk","placeholder":{"type":"plain_text","text":"Pick"},` + twoOptions + `}},
		{"type":"context","elements":[{"type":"mrkdwn","text":"due"},{"type":"plain_text","text":"today"}]},
		{"type":"actions","elements":[{"type":"overflow","action_id":"more",` + twoOptions + `}]}]`}})
	if body["ok"] != true {
		t.Fatal(body)
	}
	l.serve(func(frame) any { return nil })
	channel, ts := d.DM(d.maya.ID), body["ts"].(string)
	read := func() string {
		m, _ := d.Message(channel, ts)
		return slack.Render(m)
	}
	if got, want := read(), "Review\n---\n*Risk*\n<Pick>\ndue today\n[… High | Low]"; got != want {
		t.Errorf("reads %q, want %q", got, want)
	}
	_, err := d.Click(d.ctx(), d.maya.ID, slack.Click{ChannelID: channel, MessageTS: ts, ActionID: "risk", Value: "High"})
	must(t, err)
	if got := read(); !strings.Contains(got, "<High>") {
		t.Errorf("after choosing: %q", got)
	}
	m, _ := d.Message(channel, ts)
	click, ok := slack.FindButton(m, "Low")
	if !ok || click.Value != "l" {
		t.Errorf("overflow option found as %+v", click)
	}
	out, err := d.Click(d.ctx(), d.maya.ID, click)
	must(t, err)
	if !out.Acked {
		t.Errorf("overflow: %+v", out)
	}
}
