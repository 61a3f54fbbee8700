package world_test

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/sandbox/feed/feedtest"
	"latchkey/sandbox/handclock"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newWorkspace(onChange func()) *world.World {
	w := world.New(world.Settings{BotUserID: "UBOT", BotID: "BBOT", Clock: handclock.New(), OnChange: onChange, TriggerLife: time.Minute})
	w.AddChannel(world.Channel{ID: "C1", Name: "general"})
	return w
}

func post(w *world.World, text string) string {
	s := w.Lock()
	defer w.Unlock()
	return s.Post(world.Message{Channel: "C1", User: "UBOT", BotID: "BBOT", Text: text}).TS
}

// messages follows what is said in the channel C1.
func messages(w *world.World) feedtest.World {
	return feedtest.World{
		Make: func(*testing.T) string { return post(w, "hello") },
		Unmake: func(_ *testing.T, ts string) {
			s := w.Lock()
			defer w.Unlock()
			s.Delete(s.MessageAt("C1", ts))
		},
		Snapshot: func() (uint64, []string) {
			now := w.Snapshot()
			var ids []string
			for _, m := range now.Messages["C1"] {
				ids = append(ids, m.Channel+"/"+m.TS)
			}
			return now.Seq, ids
		},
		Follow: w.Follow, Made: "message.posted", Unmade: "message.deleted",
	}
}

func TestNothingIsMissed(t *testing.T) { feedtest.Run(t, messages(newWorkspace(func() {}))) }

func form(title string) kit.Object {
	return kit.Object{"type": "modal", "title": kit.Plain(title), "submit": kit.Plain("Send"), "blocks": []any{
		kit.Object{"type": "input", "block_id": "why", "label": kit.Plain("Why"),
			"element": kit.Object{"type": "plain_text_input", "action_id": "why"}},
	}}
}

func TestASnapshotDoesNotChange(t *testing.T) {
	w := newWorkspace(func() {})
	ts := post(w, "before")
	s := w.Lock()
	s.PutUser(world.User{ID: "U1", Name: "maya"})
	v := s.OpenView("U1", form("Ask"))
	w.Unlock()
	before := w.Snapshot()
	s = w.Lock()
	s.Edit(s.MessageAt("C1", ts), world.Content{Text: "after"})
	if _, err := s.FillIn(v, kit.Slots(v.Blocks)[0], "to draw"); err != nil {
		t.Error(err)
	}
	s.CloseViews("U1")
	w.Unlock()
	if m := before.Messages["C1"][0]; m.Text != "before" || m.Edited {
		t.Errorf("the message in the snapshot changed: %+v", m)
	}
	if text := world.Render(before.Modals["U1"][0]); strings.Contains(text, "draw") || !strings.Contains(text, "Why") {
		t.Errorf("the view in the snapshot changed:\n%s", text)
	}
	if now := w.Snapshot(); now.Messages["C1"][0].Text != "after" || len(now.Modals) != 0 {
		t.Errorf("the workspace did not change: %+v", now)
	}
}

// TestChangesAreTold says what a follower hears of each thing that happens.
func TestChangesAreTold(t *testing.T) {
	w := newWorkspace(func() {})
	var v *world.View
	for _, c := range []struct {
		what string
		do   func(s *world.State)
		want string
	}{
		{"arrive", func(s *world.State) { s.PutUser(world.User{ID: "U1", Name: "maya"}) }, "user.saved"},
		{"join", func(s *world.State) { s.Join(s.ChannelByID("C1"), "U1") }, "channel.saved"},
		{"join again", func(s *world.State) { s.Join(s.ChannelByID("C1"), "U1") }, ""},
		{"direct message", func(s *world.State) { s.DirectMessage("U1") }, "channel.saved"},
		{"open", func(s *world.State) { v = s.OpenView("U1", form("Ask")) }, "view.opened"},
		{"send", func(s *world.State) { s.CheckForm(v) }, "view.updated"},
		{"push", func(s *world.State) { s.PushView("U1", form("More")) }, "view.opened"},
		{"close", func(s *world.State) { s.CloseViews("U1") }, "view.closed"},
		{"home", func(s *world.State) { s.PublishHome("U1", kit.Object{"type": "home"}) }, "home.published"},
		{"leave", func(s *world.State) { _, _ = s.SetDeleted("U1", true) }, "user.saved"},
	} {
		kinds := feedtest.Kinds(t, messages(w), func() {
			s := w.Lock()
			defer w.Unlock()
			c.do(s)
		})
		if got := strings.Join(kinds, " "); got != c.want {
			t.Errorf("%s is told as %q, want %q", c.what, got, c.want)
		}
	}
}

// TestOnChangeIsCalledForChangesOnly: it is called once for what one holder of the
// lock did, and may look at the workspace.
func TestOnChangeIsCalledForChangesOnly(t *testing.T) {
	told := 0
	var w *world.World
	w = newWorkspace(func() {
		if told++; w != nil {
			w.Users()
		}
	})
	told = 0
	w.Channels()
	s := w.Lock()
	s.PutUser(world.User{ID: "U1"})
	s.PutUser(world.User{ID: "U2"})
	w.Unlock()
	if told != 1 {
		t.Errorf("told %d times, want once", told)
	}
}

// TestTriggersAreGoodOnce: each opens one view, in its time.
func TestTriggersAreGoodOnce(t *testing.T) {
	s := newWorkspace(func() {}).Lock()
	if _, err := s.LookTrigger("no such"); err == nil || err.Error() != "invalid_trigger_id" {
		t.Errorf("unknown: %v", err)
	}
	id := s.NewTrigger("U1", "")
	got, err := s.LookTrigger(id)
	if err != nil || got.User != "U1" {
		t.Fatalf("%+v, %v", got, err)
	}
	got.Spend()
	if _, err := s.LookTrigger(id); err == nil || err.Error() != "exchanged_trigger_id" {
		t.Errorf("spent: %v", err)
	}
}
