package slack_test

import (
	"net/url"
	"testing"

	"latchkey/sandbox/slack"
)

// TestWhatTheAppDoesIsFollowed: a follower that waits hears of a message that comes in
// by HTTP, and finds it in the next snapshot.
func TestWhatTheAppDoesIsFollowed(t *testing.T) {
	d := newDesk(t, slack.Config{})
	before := d.Snapshot()
	posted := make(chan string)
	go func() {
		defer close(posted)
		for c, err := range d.Follow(d.ctx(), before.Seq) {
			if err == nil && c.Kind == "message.posted" {
				posted <- c.Subject
				return
			}
		}
	}()
	answer := d.call("chat.postMessage", d.Config().BotToken, url.Values{"channel": {d.ops.ID}, "text": {"hello"}})
	if got, want := <-posted, d.ops.ID+"/"+answer["ts"].(string); got != want {
		t.Errorf("followed %q, want %q", got, want)
	}
	if said := d.Snapshot().Messages[d.ops.ID]; len(said) != 1 || said[0].Text != "hello" {
		t.Errorf("the snapshot has %+v", said)
	}
}
