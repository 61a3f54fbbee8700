package slack_test

import (
	"net/url"
	"strings"
	"testing"

	"latchkey/sandbox/slack"
)

// What Slack refuses, and with which code.
func TestRefusals(t *testing.T) {
	scopes := append(slack.New(slack.Config{}).Config().Scopes, "im:read", "channels:join", "files:read", "team:read")
	d := newDesk(t, slack.Config{Scopes: scopes})
	_, root, err := d.api.PostMessage(d.ops.ID)
	wantError(t, err, "no_text")
	said, err := d.Say(d.ctx(), d.maya.ID, d.ops.ID, "", "hello")
	must(t, err)
	rows := []struct{ method, form, want string }{
		{"chat.postMessage", "text=x", "invalid_arguments"},
		{"chat.postMessage", "channel=C&text=x&blocks={", "channel_not_found"},
		{"chat.postMessage", "channel=%ops&text=x&blocks={", "invalid_blocks_format"},
		{"chat.postMessage", "channel=%ops&text=x&blocks={}", "invalid_blocks_format"},
		{"chat.postMessage", "channel=%ops&text=x&attachments=[1]", "invalid_attachments"},
		{"chat.postMessage", "channel=%ops&text=x&metadata=[]", "invalid_metadata_format"},
		{"chat.postMessage", `channel=%ops&text=x&metadata={"event_type":"x"}`, "invalid_metadata_schema"},
		{"chat.postMessage", `channel=%ops&text=x&metadata={"event_type":"x","event_payload":{"x":"` + repeat("x", 16000) + `"}}`, "metadata_too_large"},
		{"chat.postMessage", "channel=%ops&text=x&attachments=[" + many(101, "{}") + "]", "too_many_attachments"},
		{"chat.postMessage", "channel=%ops&markdown_text=x", "emulator_does_not_model_this"},
		{"chat.postEphemeral", "channel=%ops&text=x", "invalid_arguments"},
		{"chat.postEphemeral", "channel=%general&user=%maya&text=x", "not_in_channel"},
		{"chat.update", "channel=%ops&text=x", "invalid_arguments"},
		{"chat.getPermalink", "channel=%ops&message_ts=1.000001", "message_not_found"},
		{"conversations.open", "", "users_list_not_supplied"},
		{"conversations.open", "users=1,2,3,4,5,6,7,8,9", "too_many_users"},
		{"conversations.open", "users=%maya,%noor", "emulator_does_not_model_this"},
		{"conversations.open", "channel=%ops", "method_not_supported_for_channel_type"},
		{"conversations.open", "channel=D0NONE", "channel_not_found"},
		{"conversations.info", "", "invalid_arguments"},
		{"conversations.list", "types=rooms", "invalid_types"},
		{"conversations.list", "types=mpim", "missing_scope"},
		{"conversations.members", "channel=%ops&cursor=x", "invalid_cursor"},
		{"conversations.members", "channel=%ops&limit=0", "invalid_limit"},
		{"conversations.history", "channel=%ops&oldest=x", "invalid_ts_oldest"},
		{"conversations.history", "channel=%ops&latest=x", "invalid_ts_latest"},
		{"conversations.replies", "channel=%ops&ts=1.000001", "thread_not_found"},
		{"views.open", "trigger_id=x", "invalid_trigger_id"},
		{"views.open", "view={}", "invalid_arguments"},
		{"views.update", "view={}", "invalid_arguments"},
		{"views.update", "view_id=V0&view={}", "not_found"},
		{"views.publish", "view={}", "invalid_arguments"},
		{"views.publish", `user_id=%maya&hash=&view={"type":"home","blocks":[{"type":"divider"}]}`, "hash_conflict"},
		{"files.getUploadURLExternal", "length=3", "invalid_arguments"},
		{"files.getUploadURLExternal", "filename=a&length=0", "missing_argument"},
		{"files.completeUploadExternal", `files=[{"id":"F0"}]`, "file_not_found"},
		{"files.completeUploadExternal", "", "invalid_arguments"},
		{"files.info", "file=F0", "file_not_found"},
		{"users.lookupByEmail", "", "invalid_arguments"},
		{"users.list", "limit=5000", "invalid_limit"},
		{"api.test", "error=my_error", "my_error"},
		{"team.info", "", ""},
		{"conversations.info", "channel=%ops", ""},
		{"chat.getPermalink", "channel=%ops&message_ts=%said", ""},
	}
	names := strings.NewReplacer("%ops", d.ops.ID, "%general", d.general.ID, "%maya", d.maya.ID, "%noor", d.noor.ID, "%said", said.TS)
	for _, row := range rows {
		form := url.Values{}
		for _, pair := range strings.Split(names.Replace(row.form), "&") {
			k, v, _ := strings.Cut(pair, "=")
			form.Set(k, v)
		}
		got, _ := d.call(row.method, d.Config().BotToken, form)["error"].(string)
		if got != row.want {
			t.Errorf("%s %.60s: error %q, want %q", row.method, row.form, got, row.want)
		}
	}
	if root != "" {
		t.Errorf("a refused message got the timestamp %s", root)
	}
}

// People cannot do what Slack would not let them.
func TestPeopleAreHeldToTheRules(t *testing.T) {
	d := newDesk(t, slack.Config{HomeTabOff: true, MessagesTabOff: true})
	ctx := d.ctx()
	away := d.AddUser(slack.User{Name: "gone", Deleted: true})
	outsider := d.AddUser(slack.User{Name: "eve"})
	rows := map[string]func() (slack.Outcome, error){
		"unknown person":     func() (slack.Outcome, error) { return d.Slash(ctx, "U0NONE", d.general.ID, "") },
		"deactivated person": func() (slack.Outcome, error) { return d.Shortcut(ctx, away.ID, "x") },
		"bot":                func() (slack.Outcome, error) { return d.OpenHome(ctx, d.Config().BotUserID) },
		"no Home tab":        func() (slack.Outcome, error) { return d.OpenHome(ctx, d.maya.ID) },
		"no Messages tab":    func() (slack.Outcome, error) { return d.Say(ctx, d.maya.ID, d.DM(d.maya.ID), "", "hi") },
		"not in the channel": func() (slack.Outcome, error) { return d.Say(ctx, outsider.ID, d.ops.ID, "", "hi") },
		"unknown channel":    func() (slack.Outcome, error) { return d.Slash(ctx, d.maya.ID, "C0NONE", "") },
		"unknown thread":     func() (slack.Outcome, error) { return d.Say(ctx, d.maya.ID, d.ops.ID, "1.000001", "hi") },
		"unknown view":       func() (slack.Outcome, error) { return d.Submit(ctx, d.maya.ID, "V0NONE") },
		"unknown message":    func() (slack.Outcome, error) { return d.MessageShortcut(ctx, d.maya.ID, "x", d.ops.ID, "1.000001") },
		"nothing to click":   func() (slack.Outcome, error) { return d.Click(ctx, d.maya.ID, slack.Click{ChannelID: d.ops.ID}) },
	}
	for name, act := range rows {
		if out, err := act(); err == nil {
			t.Errorf("%s: allowed, %+v", name, out)
		}
	}
	if n := d.Stats()["envelope:events_api"] + d.Stats()["envelope:slash_commands"]; n != 0 {
		t.Errorf("%d envelopes sent for what never happened", n)
	}
	must(t, d.Invite(d.ops.ID, outsider.ID))
	_, err := d.Say(ctx, outsider.ID, d.ops.ID, "", "hi")
	must(t, err)
}

// A bad answer to a slash command is an error for the person, not a message.
func TestBadSlashReply(t *testing.T) {
	d := newDesk(t, slack.Config{})
	d.dial().serve(func(frame) any { return raw(`{"blocks":[{"type":"header"}]}`) })
	out, err := d.Slash(d.ctx(), d.maya.ID, d.general.ID, "")
	must(t, err)
	if out.Error != "invalid_blocks" || out.Reply != nil || len(d.Messages(d.general.ID)) != 0 {
		t.Errorf("outcome %+v", out)
	}
	wantViolation(t, d, "missing required field: text")
}
