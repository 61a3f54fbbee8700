package messenger

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/sandbox/handclock"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// crowded is a workspace of many channels, with the IT channel at the end of the list.
func crowded(t *testing.T, channels int, change ...func(*slack.Config)) *world {
	t.Helper()
	cfg := slack.Config{Scopes: manifest.Scopes(), Events: manifest.Events()}
	for _, f := range change {
		f(&cfg)
	}
	w := bottest.NewWorkspace(t, cfg)
	for i := range channels {
		w.AddChannel(slack.Channel{Name: fmt.Sprintf("team-%05d", i)})
	}
	w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar}})
	return &world{w, New(Config{API: w.API, ITChannel: "#it-access"})}
}

// TestChannelBehindTwentyThousandIsFound: the list may be read twenty times a minute, so a look that is sent away goes on
// where it was.
func TestChannelBehindTwentyThousandIsFound(t *testing.T) {
	clock := handclock.New()
	w := crowded(t, 20_500, func(c *slack.Config) { c.LimitTiers, c.Clock = true, clock })
	n := notify.Announcement{Title: "First look", Marker: "notice/1"}
	f := access.Classify(w.messenger.Announce(w.Ctx, n))
	if f == nil || f.Class != access.Limited || f.After <= 0 {
		t.Fatalf("the list fits into a minute: %+v", f)
	}
	clock.Advance(f.After)
	if err := w.messenger.Announce(w.Ctx, n); err != nil {
		t.Fatal(err)
	}
	if calls := w.Stats()["conversations.list"]; calls > 22 {
		t.Errorf("the list was read with %d calls", calls)
	}
}

// TestAListOfChannelsWithoutEnd: whoever gives every page as the first is not read for ever.
func TestAListOfChannelsWithoutEnd(t *testing.T) {
	w := crowded(t, 1_500)
	w.AddFault(slack.Fault{Method: "conversations.list", Frozen: true})
	f := access.Classify(w.messenger.Announce(w.Ctx, notify.Announcement{Title: "First look", Marker: "notice/1"}))
	if f == nil || f.Class != access.Transient || !strings.Contains(f.Sentence, "goes round in circles") {
		t.Errorf("got %+v", f)
	}
	w.ClearFaults()
	if err := w.messenger.Announce(w.Ctx, notify.Announcement{Title: "First look", Marker: "notice/1"}); err != nil {
		t.Error(err)
	}
}

// TestAChannelThatIsNotThereIsLookedForInAWholeList: two names at once, one of which nobody made.
func TestAChannelThatIsNotThereIsLookedForInAWholeList(t *testing.T) {
	w := crowded(t, 1_500)
	l := w.messenger.channels.list
	if _, err := l.named(w.Ctx, "team-00001"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := l.named(w.Ctx, "#nobody"); access.Classify(err).Class != access.Rejected {
			t.Errorf("got %v", err)
		}
	}
	w.AddChannel(slack.Channel{Name: "nobody"})
	if ch, err := l.named(w.Ctx, "#nobody"); err != nil || ch.Name != "nobody" {
		t.Errorf("made since, but %v", err)
	}
	if ch, err := l.named(w.Ctx, "it-access"); err != nil || ch.Name != "it-access" {
		t.Errorf("got %v", err)
	}
}
