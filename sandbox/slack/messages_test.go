package slack_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/sandbox/handclock"
	"latchkey/sandbox/slack"
)

func TestPostingRules(t *testing.T) {
	d := newDesk(t, slack.Config{})
	archived := d.AddChannel(slack.Channel{Name: "old", Archived: true})
	must(t, d.SetDeleted(d.noor.ID, true))
	say := api.MsgOptionText("hi", false)
	rows := []struct{ name, channel, want string }{
		{"public, not a member", d.general.ID, ""},
		{"by name", "#general", ""},
		{"private, member", d.ops.ID, ""},
		{"private, not a member", d.closed.ID, "channel_not_found"},
		{"archived", archived.ID, "is_archived"},
		{"unknown", "C0NONE", "channel_not_found"},
		{"a person", d.maya.ID, ""},
		{"a deactivated person", d.noor.ID, "channel_not_found"},
		{"an old direct message with them", d.DM(d.noor.ID), ""},
	}
	for _, row := range rows {
		_, _, err := d.api.PostMessage(row.channel, say)
		if row.want == "" && err != nil || row.want != "" && (err == nil || err.Error() != row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
	_, _, err := d.api.PostMessage(d.general.ID)
	wantError(t, err, "no_text")
	channel, ts, err := d.api.PostMessage(d.maya.ID, say)
	must(t, err)
	if channel != d.DM(d.maya.ID) {
		t.Errorf("posting to a person answered channel %s, want the direct message", channel)
	}
	_, _, _, err = d.api.UpdateMessage(d.maya.ID, ts, say)
	wantError(t, err, "channel_not_found")
}

func TestMessagesTabOff(t *testing.T) {
	d := newDesk(t, slack.Config{MessagesTabOff: true})
	_, _, err := d.api.PostMessage(d.maya.ID, api.MsgOptionText("hi", false))
	wantError(t, err, "messages_tab_disabled")
}

func TestUpdateAndDelete(t *testing.T) {
	d := newDesk(t, slack.Config{})
	_, ts, err := d.api.PostMessage(d.ops.ID, api.MsgOptionText("one", false), api.MsgOptionBlocks(api.NewDividerBlock()))
	must(t, err)
	_, _, _, err = d.api.UpdateMessage(d.ops.ID, ts, api.MsgOptionText(strings.Repeat("x", 4001), false))
	wantError(t, err, "msg_too_long")
	_, _, _, err = d.api.UpdateMessage(d.ops.ID, "1.000001", api.MsgOptionText("x", false))
	wantError(t, err, "message_not_found")
	_, _, _, err = d.api.UpdateMessage(d.ops.ID, ts, api.MsgOptionText("two", false))
	must(t, err)
	if m, _ := d.Message(d.ops.ID, ts); len(m.Blocks) != 0 || m.Text != "two" || !m.Edited {
		t.Errorf("text without blocks must remove the blocks: %+v", m)
	}
	out, err := d.Say(d.ctx(), d.maya.ID, d.ops.ID, "", "mine")
	must(t, err)
	_, _, _, err = d.api.UpdateMessage(d.ops.ID, out.TS, api.MsgOptionText("x", false))
	wantError(t, err, "cant_update_message")
	_, _, err = d.api.DeleteMessage(d.ops.ID, out.TS)
	wantError(t, err, "cant_delete_message")
	_, _, err = d.api.DeleteMessage(d.ops.ID, ts)
	must(t, err)
	if n := len(d.Messages(d.ops.ID)); n != 1 {
		t.Errorf("%d messages left, want Maya's", n)
	}
}

func TestHistoryAndThreads(t *testing.T) {
	d := newDesk(t, slack.Config{})
	meta := api.SlackMetadata{EventType: "request", EventPayload: map[string]any{"id": "REQ-1"}}
	_, root, err := d.api.PostMessage(d.ops.ID, api.MsgOptionText("root & <tag> <@U1>", false), api.MsgOptionMetadata(meta))
	must(t, err)
	_, _, err = d.api.PostMessage(d.ops.ID, api.MsgOptionText("reply", false), api.MsgOptionTS(root))
	must(t, err)
	_, _, err = d.api.PostMessage(d.ops.ID, api.MsgOptionText("next", false))
	must(t, err)
	h, err := d.api.GetConversationHistory(&api.GetConversationHistoryParameters{ChannelID: d.ops.ID, IncludeAllMetadata: true})
	must(t, err)
	if len(h.Messages) != 2 || h.Messages[0].Text != "next" || h.Messages[1].ReplyCount != 1 {
		t.Fatalf("history %+v", h.Messages)
	}
	if got := h.Messages[1]; got.Metadata.EventPayload["id"] != "REQ-1" || got.Text != "root &amp; &lt;tag&gt; <@U1>" {
		t.Errorf("root came back as %q with %+v", got.Text, got.Metadata)
	}
	bare, err := d.api.GetConversationHistory(&api.GetConversationHistoryParameters{ChannelID: d.ops.ID, Oldest: root, Inclusive: true, Limit: 1})
	must(t, err)
	if bare.HasMore != true || bare.Messages[0].Metadata.EventType != "" {
		t.Errorf("without include_all_metadata: %+v", bare)
	}
	thread, _, _, err := d.api.GetConversationReplies(&api.GetConversationRepliesParameters{ChannelID: d.ops.ID, Timestamp: root})
	must(t, err)
	if len(thread) != 2 || thread[0].Text != h.Messages[1].Text || thread[1].Text != "reply" {
		t.Errorf("thread %+v", thread)
	}
	_, err = d.api.GetConversationHistory(&api.GetConversationHistoryParameters{ChannelID: d.general.ID})
	wantError(t, err, "not_in_channel")
	_, _, err = d.api.PostMessage(d.ops.ID, api.MsgOptionText("x", false), api.MsgOptionTS("1.000001"))
	wantError(t, err, "cannot_reply_to_message")
	link, err := d.api.GetPermalink(&api.PermalinkParameters{Channel: d.ops.ID, Ts: root})
	must(t, err)
	if !strings.HasSuffix(link, "/p"+strings.ReplaceAll(root, ".", "")) {
		t.Errorf("permalink %s", link)
	}
}

func TestEphemeral(t *testing.T) {
	d := newDesk(t, slack.Config{})
	ts, err := d.api.PostEphemeral(d.ops.ID, d.maya.ID, api.MsgOptionText("psst", false), api.MsgOptionBlocks(
		api.NewActionBlock("a", api.NewButtonBlockElement("ok", "1", text("OK")))))
	must(t, err)
	_, err = d.api.PostEphemeral(d.ops.ID, "U0NOBODY", api.MsgOptionText("psst", false))
	wantError(t, err, "user_not_in_channel")
	_, _, _, err = d.api.UpdateMessage(d.ops.ID, ts, api.MsgOptionText("x", false))
	wantError(t, err, "message_not_found")
	m, _ := d.Message(d.ops.ID, ts)
	if !m.Ephemeral || m.Viewer != d.maya.ID {
		t.Errorf("message %+v", m)
	}
	click, _ := slack.FindButton(m, "OK")
	if _, err := d.Click(d.ctx(), d.noor.ID, click); err == nil {
		t.Error("Noor clicked what only Maya sees")
	}
	l := d.dial()
	done := make(chan error, 1)
	go func() { _, err := d.Click(d.ctx(), d.maya.ID, click); done <- err }()
	f := l.read()
	var p map[string]any
	f.decode(t, &p)
	if p["message"] != nil || p["response_url"] == "" {
		t.Errorf("an ephemeral message travels without itself but with a response URL: %v", p)
	}
	l.ack(f.EnvelopeID, nil)
	must(t, <-done)
	if status, body := post(t, d, p["response_url"].(string), `{"replace_original":true,"text":"done"}`); status != 200 || body != "ok" {
		t.Errorf("replace_original: %d %s", status, body)
	}
	if m, _ = d.Message(d.ops.ID, ts); m.Text != "done" {
		t.Errorf("after replace_original: %+v", m)
	}
}

func post(t *testing.T, d *desk, address, body string) (int, string) {
	t.Helper()
	res, err := d.http.Client().Post(address, "application/json", strings.NewReader(body))
	must(t, err)
	defer res.Body.Close()
	out := new(bytes.Buffer)
	out.ReadFrom(res.Body)
	return res.StatusCode, out.String()
}

func TestResponseURL(t *testing.T) {
	clock := handclock.New()
	d := newDesk(t, slack.Config{Clock: clock})
	l := d.dial()
	hook := func() string {
		out := d.slash()
		f := l.read()
		var p struct {
			URL string `json:"response_url"`
		}
		f.decode(t, &p)
		l.ack(f.EnvelopeID, map[string]any{})
		<-out
		return p.URL
	}
	address := hook()
	for i, body := range []string{`{"text":"a"}`, `{"text":"b","response_type":"in_channel"}`, `{"text":"c"}`, `{}`, `{"text":"e"}`} {
		if status, answer := post(t, d, address, body); status != 200 || (answer == "ok") != (i != 3) {
			t.Errorf("use %d: %d %s", i+1, status, answer)
		}
	}
	if status, answer := post(t, d, address, `{"text":"f"}`); status != http.StatusNotFound || !strings.Contains(answer, "used_url") {
		t.Errorf("sixth use: %d %s", status, answer)
	}
	said := d.Messages(d.general.ID)
	if len(said) != 4 || !said[0].Ephemeral || said[1].Ephemeral {
		t.Errorf("messages %+v", said)
	}
	address = hook()
	clock.Advance(31 * time.Minute)
	if status, answer := post(t, d, address, `{"text":"x"}`); status != http.StatusNotFound || !strings.Contains(answer, "expired_url") {
		t.Errorf("after 31 minutes: %d %s", status, answer)
	}
}

// What people say reaches the app where it is due, and only there.
func TestSaying(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	got := make(chan map[string]any, 10)
	l.serve(func(f frame) any {
		var p struct {
			Event map[string]any `json:"event"`
		}
		if json.Unmarshal(f.Payload, &p) == nil {
			got <- p.Event
		}
		return nil
	})
	say := func(channel, text string) {
		t.Helper()
		_, err := d.Say(d.ctx(), d.maya.ID, channel, "", text)
		must(t, err)
	}
	say(d.ops.ID, "nobody asked the app")
	say(d.ops.ID, "@latchkey help")
	if e := <-got; e["type"] != "app_mention" || e["text"] != "<@"+d.Config().BotUserID+"> help" {
		t.Errorf("mention came as %v", e)
	}
	say(d.DM(d.maya.ID), "help")
	if e := <-got; e["type"] != "message" || e["channel_type"] != "im" || e["bot_id"] != nil {
		t.Errorf("direct message came as %v", e)
	}
	if len(got) != 0 {
		t.Errorf("%d events too many", len(got))
	}
	if _, err := d.Say(d.ctx(), d.maya.ID, d.DM(d.noor.ID), "", "x"); err == nil {
		t.Error("Maya spoke in Noor's direct messages")
	}
}

func TestEcho(t *testing.T) {
	d := newDesk(t, slack.Config{EchoOwnMessages: true})
	l := d.dial()
	_, _, err := d.api.PostMessage(d.maya.ID, api.MsgOptionText("hi", false))
	must(t, err)
	f := l.read()
	l.ack(f.EnvelopeID, nil)
	if !strings.Contains(string(f.Payload), `"bot_id":"`+d.Config().BotID+`"`) {
		t.Errorf("echo %s", f.Payload)
	}
}

func TestShortcuts(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	said, err := d.Say(d.ctx(), d.noor.ID, d.ops.ID, "", "rotated the key")
	must(t, err)
	got := make(chan map[string]any, 2)
	l.serve(func(f frame) any {
		var p map[string]any
		if json.Unmarshal(f.Payload, &p) == nil {
			got <- p
		}
		return nil
	})
	_, err = d.Shortcut(d.ctx(), d.maya.ID, "new_request")
	must(t, err)
	if p := <-got; p["type"] != "shortcut" || p["callback_id"] != "new_request" || p["channel"] != nil || p["trigger_id"] == nil {
		t.Errorf("shortcut %v", p)
	}
	_, err = d.MessageShortcut(d.ctx(), d.maya.ID, "file_evidence", d.ops.ID, said.TS)
	must(t, err)
	if p := <-got; p["type"] != "message_action" || p["message_ts"] != said.TS || p["response_url"] == nil {
		t.Errorf("message shortcut %v", p)
	}
	noViolations(t, d)
}

func TestSlashEscapesMentions(t *testing.T) {
	for _, plain := range []bool{false, true} {
		d := newDesk(t, slack.Config{PlainSlashText: plain})
		want := "for <@" + d.noor.ID + "> in <#" + d.ops.ID + ">, not @nobody"
		if plain {
			want = "for @noor in #ops, not @nobody"
		}
		l := d.dial()
		texts := make(chan string, 1)
		l.serve(func(f frame) any {
			var p struct{ Text string }
			if json.Unmarshal(f.Payload, &p) == nil {
				texts <- p.Text
			}
			return map[string]any{"text": "<!channel> & more", "response_type": "in_channel"}
		})
		out, err := d.Slash(d.ctx(), d.maya.ID, d.general.ID, "for @noor in #ops, not @nobody")
		must(t, err)
		if got := <-texts; got != want {
			t.Errorf("text %q, want %q", got, want)
		}
		if out.Reply.Ephemeral || out.Reply.Text != "<!channel> &amp; more" {
			t.Errorf("reply %+v", out.Reply)
		}
	}
}
