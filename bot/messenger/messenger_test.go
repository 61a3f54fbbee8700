package messenger

import (
	"strconv"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// world is a workspace with a messenger, and with the scopes of the manifest.
type world struct {
	*bottest.Workspace
	messenger *Messenger
}

func inWorkspace(t *testing.T) *world {
	w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes(), Events: manifest.Events()})
	return &world{w, New(Config{API: w.API, ITChannel: "#it-access"})}
}

// show puts a card before a person.
func (w *world) show(s notify.CardUpdate) notify.CardPosted {
	w.Helper()
	shown, err := w.messenger.Show(w.Ctx, s)
	if err != nil {
		w.Fatal(err)
	}
	return shown
}

func TestCardIsEditedInPlaceAndOnlyWhenItChanges(t *testing.T) {
	w := inWorkspace(t)
	s := notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "m1"}
	first := w.show(s)
	s.At, s.Digest = first.At, first.Digest
	before := w.Stats()
	if again := w.show(s); again != first {
		t.Errorf("the same shown twice: %+v, then %+v", first, again)
	}
	if after := w.Stats(); after["chat.update"] != before["chat.update"] || after["chat.postMessage"] != before["chat.postMessage"] {
		t.Error("showing the same again called Slack")
	}
	s.Content = bottest.Shows(bottest.Situations()["active"])
	second := w.show(s)
	m, _ := w.Message(first.At.Channel, first.At.TS)
	if second.At != first.At || second.Digest == first.Digest || !strings.Contains(slack.Render(m), "Approved by you") || strings.Contains(slack.Render(m), "[Approve]") {
		t.Errorf("%+v shows\n%s", second, slack.Render(m))
	}
	if len(w.Messages(first.At.Channel)) != 1 {
		t.Error("more than one message")
	}
	w.Clean()
}

func TestLostPostIsFoundAgain(t *testing.T) {
	for name, fault := range map[string]slack.Fault{
		"error after the work": {Method: "chat.postMessage", Times: 1, After: true, Error: "fatal_error"},
		"answer cut off":       {Method: "chat.postMessage", Times: 1, After: true, Drop: true},
		"server error":         {Method: "chat.postMessage", Times: 1, After: true, Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			w := inWorkspace(t)
			other := w.show(notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToRequester, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "other"})
			w.AddFault(fault)
			s := notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "m1"}
			_, err := w.messenger.Show(w.Ctx, s)
			bottest.WantFailure(t, err, access.Unclear)
			s.Again, s.Content = true, bottest.Shows(bottest.Situations()["active"])
			found := w.show(s)
			all := w.Messages(found.At.Channel)
			if len(all) != 2 || found.At.TS == other.At.TS || !strings.Contains(slack.Render(all[1]), "Approved by you") {
				t.Errorf("%d messages, found %+v", len(all), found)
			}
		})
	}
}

func TestAgainPostsWhenNothingWasPosted(t *testing.T) {
	w := inWorkspace(t)
	shown := w.show(notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "m1", Again: true})
	if m, ok := w.Message(shown.At.Channel, shown.At.TS); !ok || m.Metadata["event_type"] != cardEvent {
		t.Errorf("posted %+v", m)
	}
	w.Clean()
}

func TestCardThatIsGoneIsPostedAnew(t *testing.T) {
	w := inWorkspace(t)
	s := notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "m1"}
	first := w.show(s)
	if _, _, err := w.API.DeleteMessageContext(w.Ctx, first.At.Channel, first.At.TS); err != nil {
		t.Fatal(err)
	}
	s.At, s.Digest, s.Content = first.At, first.Digest, bottest.Shows(bottest.Situations()["active"])
	if second := w.show(s); second.At.TS == first.At.TS {
		t.Error("the message that is gone was kept")
	}
	w.Clean()
}

// In a channel that is archived nothing can be edited. A card that asks for nothing is
// left as it is, and is not taken to show what it doesn't: once the channel is open
// again, the next look at it edits it.
func TestACardInAnArchivedChannelIsAsItWas(t *testing.T) {
	w := inWorkspace(t)
	w.AddChannel(slack.Channel{ID: "C0IT", Name: "it-access", Members: []string{w.Omar}})
	s := notify.CardUpdate{Content: bottest.Shows(bottest.Situations()["stuck"]), Audience: notify.ToIT, Marker: "m1"}
	first := w.show(s)
	archive := func(away bool) {
		if err := w.Archive("C0IT", away); err != nil {
			t.Fatal(err)
		}
	}
	archive(true)
	s.At, s.Digest, s.Content = first.At, first.Digest, bottest.Shows(bottest.Situations()["active"])
	if left := w.show(s); left != first {
		t.Errorf("it is taken to show %+v, and shows %+v", left, first)
	}
	archive(false)
	if shown := w.show(s); shown.At != first.At || shown.Digest == first.Digest {
		t.Errorf("it goes on showing %+v", shown)
	}
	if m, _ := w.Message(first.At.Channel, first.At.TS); !strings.Contains(slack.Render(m), "Sorted out") {
		t.Errorf("it reads\n%s", slack.Render(m))
	}
	w.Clean()
}

func TestShowClassifiesWhatSlackSays(t *testing.T) {
	for name, c := range map[string]struct {
		fault slack.Fault
		class access.Class
		says  string
	}{
		"rate limit":    {slack.Fault{Method: "chat.postMessage", Times: 1, RetryAfter: 7}, access.Limited, "pause"},
		"missing scope": {slack.Fault{Method: "chat.postMessage", Times: 1, Error: "missing_scope"}, access.Denied, "chat:write"},
		"dead token":    {slack.Fault{Method: "conversations.open", Times: 1, Error: "token_revoked"}, access.Denied, "Reinstall"},
		"left":          {slack.Fault{Method: "conversations.open", Times: 1, Error: "user_disabled"}, access.Rejected, "deactivated"},
		"busy":          {slack.Fault{Method: "conversations.open", Times: 1, Status: 503, Error: "service_unavailable"}, access.Transient, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := inWorkspace(t)
			w.AddFault(c.fault)
			_, err := w.messenger.Show(w.Ctx, notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "m"})
			f := bottest.WantFailure(t, err, c.class)
			if !strings.Contains(f.Sentence, c.says) || c.class == access.Limited && f.After != 7*time.Second {
				t.Errorf("%+v", f)
			}
			if strings.Contains(err.Error(), "xoxb") {
				t.Error("the token is in the error")
			}
		})
	}
}

func TestITChannelMustBeReachable(t *testing.T) {
	for name, c := range map[string]struct {
		channel slack.Channel
		says    string
	}{
		"absent":             {slack.Channel{Name: "elsewhere"}, "There is no channel #it-access"},
		"private, not in it": {slack.Channel{Name: "it-access", Private: true}, "/invite"},
		"archived":           {slack.Channel{Name: "it-access", Archived: true}, "is archived"},
	} {
		t.Run(name, func(t *testing.T) {
			w := inWorkspace(t)
			w.AddChannel(c.channel)
			_, err := w.messenger.Show(w.Ctx, notify.CardUpdate{Content: bottest.Shows(bottest.Situations()["stuck"]), Audience: notify.ToIT, Marker: "m"})
			if f := bottest.WantFailure(t, err, access.Rejected); !strings.Contains(f.Sentence, c.says) {
				t.Errorf("says %q", f.Sentence)
			}
		})
	}
}

func TestITChannelByID(t *testing.T) {
	w := inWorkspace(t)
	id := w.AddChannel(slack.Channel{ID: "C0ITACCESS", Name: "ops"}).ID
	m := New(Config{API: w.API, ITChannel: id})
	shown, err := m.Show(w.Ctx, notify.CardUpdate{Content: bottest.Shows(bottest.Situations()["stuck"]), Audience: notify.ToIT, Marker: "m"})
	if err != nil || shown.At.Channel != id {
		t.Fatalf("%+v, %v", shown, err)
	}
	w.Clean()
}

func TestReaderWithoutSlackIsRejected(t *testing.T) {
	m := New(Config{API: api.New("xoxb-0")})
	_, err := m.Show(t.Context(), notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.Noor()})
	if f := bottest.WantFailure(t, err, access.Rejected); !strings.Contains(f.Sentence, "Noor Haddad") {
		t.Errorf("says %q", f.Sentence)
	}
}

func TestUnreachableSlackIsTransient(t *testing.T) {
	m := New(Config{API: api.New("xoxb-0", api.OptionAPIURL("http://127.0.0.1:1/api/"))})
	_, err := m.Show(t.Context(), notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), "U1"), Marker: "m"})
	bottest.WantFailure(t, err, access.Transient)
}

func TestITChannelIsFoundAnewWhenItMoved(t *testing.T) {
	w := inWorkspace(t)
	old := w.AddChannel(slack.Channel{Name: "it-access"})
	s := notify.CardUpdate{Content: bottest.Shows(bottest.Situations()["stuck"]), Audience: notify.ToIT, Marker: "m"}
	w.show(s)
	old.Name, old.Archived = "it-access-old", true
	w.AddChannel(old)
	next := w.AddChannel(slack.Channel{Name: "it-access"})
	_, err := w.messenger.Show(w.Ctx, s)
	bottest.WantFailure(t, err, access.Rejected)
	if shown := w.show(s); shown.At.Channel != next.ID {
		t.Errorf("posted to %+v", shown.At)
	}
}

func TestSayingInAThreadHappensOnce(t *testing.T) {
	w := inWorkspace(t)
	c := bottest.Situations()["questioned"]
	place := w.show(notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToRequester, Reader: bottest.WithAccount(bottest.Maya(), w.Maya), Marker: "m"}).At
	r := notify.ThreadReply{Event: c.Story[0], By: bottest.Noor(), At: place, Marker: "ev-1|x"}
	for range 2 {
		if err := w.messenger.Say(w.Ctx, r); err != nil {
			t.Fatal(err)
		}
		r.Again = true
	}
	var said []string
	for _, m := range w.Messages(place.Channel) {
		if m.ThreadTS == place.TS {
			said = append(said, m.Text+": "+slack.Render(m))
		}
	}
	if len(said) != 1 || said[0] != "Noor Haddad asks: Which ‹files› &amp; why?: *Noor Haddad* asks:\n&gt; Which &lt;files&gt; &amp; why?" {
		t.Errorf("the thread reads %q", said)
	}
	w.Clean()
}

// TestALongThreadIsReadToItsEnd: what was lost stands at the end of it, behind more than a thousand messages.
func TestALongThreadIsReadToItsEnd(t *testing.T) {
	w := inWorkspace(t)
	c := bottest.Situations()["questioned"]
	place := w.show(notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToRequester, Reader: bottest.WithAccount(bottest.Maya(), w.Maya), Marker: "m"}).At
	for i := range 1_100 {
		if _, err := w.Say(w.Ctx, w.Maya, place.Channel, place.TS, strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	r := notify.ThreadReply{Event: c.Story[0], By: bottest.Noor(), At: place, Marker: "ev-1|x"}
	for range 2 {
		if err := w.messenger.Say(w.Ctx, r); err != nil {
			t.Fatal(err)
		}
		r.Again = true
	}
	said := 0
	for _, m := range w.Messages(place.Channel) {
		if m.ThreadTS == place.TS && strings.Contains(m.Text, "Noor") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("said %d times", said)
	}
}

// TestNoCardWaitsForADirectMessageToBeOpened: Slack lets fifty be opened a minute, and takes a person's id instead.
func TestNoCardWaitsForADirectMessageToBeOpened(t *testing.T) {
	w := inWorkspace(t)
	w.AddFault(slack.Fault{Method: "conversations.open", RetryAfter: 30})
	shown := w.show(notify.CardUpdate{Content: bottest.Shows(bottest.Asked()), Audience: notify.ToApprover, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "m"})
	if shown.At.Channel != w.DM(w.Noor) || len(w.Messages(shown.At.Channel)) != 1 {
		t.Errorf("posted to %+v", shown.At)
	}
	if again := w.show(notify.CardUpdate{Content: bottest.Shows(bottest.Situations()["active"]), Audience: notify.ToRequester, Reader: bottest.WithAccount(bottest.Noor(), w.Noor), Marker: "n"}); again.At.Channel != shown.At.Channel {
		t.Errorf("then to %+v", again.At)
	}
	if n := w.Stats()["conversations.open"]; n != 1 {
		t.Errorf("tried to open it %d times", n)
	}
}
