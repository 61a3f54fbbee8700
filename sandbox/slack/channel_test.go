package slack_test

import (
	"strings"
	"testing"

	api "github.com/slack-go/slack"

	"latchkey/sandbox/slack"
)

func TestAnArchivedChannelTakesNoMessages(t *testing.T) {
	d := newDesk(t, slack.Config{})
	if err := d.Archive(d.ops.ID, true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.api.PostMessageContext(d.ctx(), d.ops.ID, api.MsgOptionText("hello", false)); err == nil || !strings.Contains(err.Error(), "is_archived") {
		t.Errorf("got %v, want is_archived", err)
	}
	if err := d.Archive(d.ops.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.api.PostMessageContext(d.ctx(), d.ops.ID, api.MsgOptionText("hello", false)); err != nil {
		t.Errorf("open again, but: %v", err)
	}
	for _, id := range []string{"C0NOWHERE", d.DM(d.maya.ID)} {
		if d.Archive(id, true) == nil {
			t.Errorf("%s was archived", id)
		}
	}
}

func TestPurgedMessagesAreGone(t *testing.T) {
	d := newDesk(t, slack.Config{})
	_, ts, err := d.api.PostMessageContext(d.ctx(), d.ops.ID, api.MsgOptionText("hello", false))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Purge(d.ops.ID); err != nil {
		t.Fatal(err)
	}
	if left := d.Messages(d.ops.ID); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	if _, _, _, err := d.api.UpdateMessageContext(d.ctx(), d.ops.ID, ts, api.MsgOptionText("hi", false)); err == nil || !strings.Contains(err.Error(), "message_not_found") {
		t.Errorf("got %v, want message_not_found", err)
	}
	if d.Purge("C0NOWHERE") == nil {
		t.Error("a channel that isn't there was purged")
	}
}
