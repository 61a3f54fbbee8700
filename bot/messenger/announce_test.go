package messenger

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

func TestNoticeReachesTheChannelOnce(t *testing.T) {
	w := inWorkspace(t)
	w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar}})
	n := notify.Announcement{Title: "First look", Lines: []string{"2 memberships <!channel> with no request"}, Marker: "notice/1"}
	for range 2 {
		if err := w.messenger.Announce(w.Ctx, n); err != nil {
			t.Fatal(err)
		}
		n.Again = true
	}
	channel, err := w.messenger.channels.itChannel(w.Ctx)
	if err != nil {
		t.Fatal(err)
	}
	messages := w.Messages(channel)
	if len(messages) != 1 {
		t.Fatalf("%d messages, want one", len(messages))
	}
	if text := slack.Render(messages[0]); !strings.Contains(text, "First look") || strings.Contains(text, "<!channel>") {
		t.Errorf("it reads:\n%s", text)
	}
	w.Clean()
}

func TestNoticeReachesAPerson(t *testing.T) {
	w := inWorkspace(t)
	if err := w.messenger.Announce(w.Ctx, notify.Announcement{To: bottest.WithAccount(bottest.Maya(), w.Maya), Title: "Yours", Marker: "notice/2"}); err != nil {
		t.Fatal(err)
	}
	if len(w.Messages(w.DM(w.Maya))) != 1 {
		t.Error("Maya was not told")
	}
	stranger := notify.Announcement{To: access.Person{ID: "x@acme.example", Email: "x@acme.example"}, Title: "Lost", Marker: "notice/3"}
	if f := access.Classify(w.messenger.Announce(w.Ctx, stranger)); f.Class != access.Rejected {
		t.Errorf("to nobody: %+v", f)
	}
	w.Clean()
}

func TestLongNoticesFit(t *testing.T) {
	w := inWorkspace(t)
	w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar}})
	n := notify.Announcement{Title: strings.Repeat("long ", 100), Marker: "notice/4"}
	for i := range 100 {
		n.Lines = append(n.Lines, fmt.Sprintf("%d %s", i, strings.Repeat("<&>", 400)))
	}
	if err := w.messenger.Announce(w.Ctx, n); err != nil {
		t.Fatal(err)
	}
	w.Clean()
}

// However much is said in a channel since, a message that may have been posted is looked
// for among all of it.
func TestALostPostIsFoundHoweverMuchWasSaidSince(t *testing.T) {
	w := inWorkspace(t)
	channel := w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar}}).ID
	w.AddFault(slack.Fault{Method: "chat.postMessage", Times: 1, After: true, Error: "fatal_error"})
	n := notify.Announcement{Title: "First look", Marker: "notice/1", Since: time.Now()}
	bottest.WantFailure(t, w.messenger.Announce(w.Ctx, n), access.Unclear)
	for i := range 2100 {
		if _, err := w.Say(w.Ctx, w.Omar, channel, "", fmt.Sprint("line ", i)); err != nil {
			t.Fatal(err)
		}
	}
	n.Again = true
	if err := w.messenger.Announce(w.Ctx, n); err != nil {
		t.Fatal(err)
	}
	if all := w.Messages(channel); len(all) != 2101 {
		t.Errorf("%d messages", len(all))
	}
}
