package slack_test

import (
	"net/url"
	"testing"

	"latchkey/sandbox/slack"
)

// A message is pinned once, by an app that may, in a channel that it is in.
func TestPins(t *testing.T) {
	d := newDesk(t, slack.Config{Scopes: []string{"chat:write", "pins:write"}})
	posted := d.call("chat.postMessage", d.Config().BotToken, url.Values{"channel": {d.ops.ID}, "text": {"Progress"}})
	ts, _ := posted["ts"].(string)
	for _, c := range []struct{ method, channel, ts, want string }{
		{"pins.remove", d.ops.ID, ts, "no_pin"},
		{"pins.add", d.ops.ID, "", "no_item_specified"},
		{"pins.add", d.ops.ID, "1.1", "message_not_found"},
		{"pins.add", "C404", ts, "channel_not_found"},
		{"pins.add", d.ops.ID, ts, ""},
		{"pins.add", d.ops.ID, ts, "already_pinned"},
		{"pins.remove", d.ops.ID, ts, ""},
	} {
		form := url.Values{"channel": {c.channel}}
		if c.ts != "" {
			form.Set("timestamp", c.ts)
		}
		if got, _ := d.call(c.method, d.Config().BotToken, form)["error"].(string); got != c.want {
			t.Errorf("%s %s %s: %q, not %q", c.method, c.channel, c.ts, got, c.want)
		}
	}
}
