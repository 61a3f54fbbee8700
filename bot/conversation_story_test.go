package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

func TestApprovingForLess(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Change(bottest.Asked(), func(c *access.Case) { c.Request.Wanted, c.Request.Allowed = 4*catalog.Week, 4*catalog.Week }), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.more(w.Noor, place, "Approve for less")
	w.sees(w.Noor, "for *Maya Lind*, for 4 weeks")
	w.set(w.Noor, "shorter", "6 hours")
	w.submit(w.Noor)
	if r := w.house.Only(); r.State != access.RequestApproved || r.Allowed != 6*time.Hour {
		t.Errorf("decided %+v", r)
	}
	w.Clean()
}

func TestAskingAndAnswering(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.more(w.Noor, w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor)), "Ask a question")
	w.sees(w.Noor, "What do you want to know?")
	w.set(w.Noor, "reason", "Which files?")
	w.submit(w.Noor)
	if got := w.house.Events(access.EventQuestioned); len(got) != 1 || got[0].Reason != "Which files?" || got[0].Actor.Person != bottest.Noor().ID || got[0].Origin == "" {
		t.Errorf("asked %+v", got)
	}
	w.click(w.Maya, w.card(bottest.Situations()["questioned"], notify.ToRequester, bottest.WithAccount(bottest.Maya(), w.Maya)), "Answer")
	w.sees(w.Maya, "Which &lt;files&gt; &amp; why?")
	w.set(w.Maya, "reason", "The launch")
	w.submit(w.Maya)
	if got := w.house.Events(access.EventReplied); len(got) != 1 || got[0].Reason != "The launch" || got[0].Request != "AR-7K2M9QXW" {
		t.Errorf("said %+v", got)
	}
	w.Clean()
}

// What is said in the thread of a card is taken once; threads of others and
// messages outside of threads are not part of any conversation.
func TestThreadOfACardIsHeard(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToRequester, bottest.WithAccount(bottest.Maya(), w.Maya))
	w.house.Posted(place, notify.ToRequester, bottest.Maya())
	out, err := w.Say(w.Ctx, w.Maya, place.Channel, place.TS, "Only <launch> & icons")
	if err != nil {
		t.Fatal(err)
	}
	w.Until("the words", func() bool { return len(w.house.Events(access.EventReplied)) == 1 })
	if got := w.house.Events(access.EventReplied)[0]; got.Reason != "Only <launch> & icons" || got.Origin != place.Channel+"/"+out.TS || got.Actor.Person != bottest.Maya().ID {
		t.Errorf("heard %+v", got)
	}
	w.Clean()
}

// Slack may deliver a message again while its first delivery is at work. An ack of
// either says that the message is kept.
func TestSecondDeliveryOfAMessageIsNotAcknowledgedForTheFirst(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToRequester, bottest.WithAccount(bottest.Maya(), w.Maya))
	w.house.Posted(place, notify.ToRequester, bottest.Maya())
	body := fmt.Sprintf(`{"event_id":"Ev1","event":{"type":"message","channel_type":"im","channel":%q,"ts":"1700000000.000200","thread_ts":%q,"user":%q,"text":"For the launch"}}`, place.Channel, place.TS, w.Maya)
	deliver := func() error {
		_, err := w.bot.Handle(w.Ctx, socket.Envelope{Type: "events_api", Payload: []byte(body)})
		return err
	}
	w.house.Store.Before(func() {
		if err := deliver(); err == nil && len(w.house.Events(access.EventReplied)) == 0 {
			t.Error("the second delivery was acknowledged, and nothing is kept yet")
		}
	})
	if err := deliver(); err != nil {
		t.Error(err)
	}
	if got := w.house.Events(access.EventReplied); len(got) != 1 {
		t.Errorf("heard %+v, not one message", got)
	}
	w.Clean()
}

func TestClaimingInAChannel(t *testing.T) {
	w := newWorld(t, slack.Config{})
	design := w.AddChannel(slack.Channel{Name: "design-access", Members: []string{w.Noor, w.Omar}})
	c := bottest.Asked()
	c.Approvers = []access.Person{bottest.WithAccount(bottest.Noor(), w.Noor), bottest.Omar()}
	w.house.Keep(c)
	place := w.show(notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToChannel, Channel: "#design-access", Marker: "x"}).At
	if place.Channel != design.ID {
		t.Fatalf("posted to %s", place.Channel)
	}
	if m, _ := w.Message(place.Channel, place.TS); !strings.Contains(slack.Render(m), "<@"+w.Noor+"> and Omar Reyes: please decide.") {
		t.Errorf("it reads\n%s", slack.Render(m))
	}
	w.click(w.Noor, place, "I'm looking at it")
	if got := w.house.Only().Stages[0].Claim.By; got != bottest.Noor().ID {
		t.Errorf("claimed by %q", got)
	}
	w.Clean()
}

func TestExtending(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Situations()["reminded"], notify.ToReminder.Revision(1), bottest.WithAccount(bottest.Maya(), w.Maya))
	w.click(w.Maya, place, "Extend")
	w.sees(w.Maya, "The earlier approval carries it")
	w.set(w.Maya, "more", "6 hours")
	w.set(w.Maya, "reason", "The launch moved")
	w.submit(w.Maya)
	w.sees(w.Maya, "Extended by 6 hours. It now ends")
	if g, got := w.house.Grant(), w.house.Events(access.EventExtended); !g.Ends.Equal(bottest.Minute(370+360)) || len(got) != 1 || got[0].Actor.Person != bottest.Maya().ID || got[0].Reason != "The launch moved" || got[0].Origin == "" {
		t.Errorf("extended until %s: %+v", g.Ends, got)
	}
	w.Clean()
}

func TestReviewingAnEmergency(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Situations()["emergency-asked"], notify.ToReview.Revision(1), bottest.WithAccount(bottest.Noor(), w.Noor))
	w.click(w.Noor, place, "Not justified")
	w.sees(w.Noor, "What was wrong about it?")
	w.set(w.Noor, "reason", "There was no incident")
	w.submit(w.Noor)
	if a := w.house.Only().Review.Answer; a == nil || a.Yes || a.Reason != "There was no incident" || a.By != bottest.Clicker(bottest.Noor(), w.Noor) {
		t.Errorf("reviewed %+v", a)
	}
	w.click(w.Noor, place, "Justified")
	w.whispered(place.Channel, w.Noor, "already")
	w.Clean()
}

// A card that was passed on inside another message decides nothing, whoever
// presses its buttons.
func TestForwardedCardDecidesNothing(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	raw, _ := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]string{"id": w.Noor}, "channel": map[string]string{"id": place.Channel},
		"container": map[string]string{"type": "message_attachment", "channel_id": place.Channel},
		"actions":   []map[string]string{{"action_id": "approve", "value": "AR-7K2M9QXW/1"}},
	})
	if _, err := w.bot.Handle(w.Ctx, socket.Envelope{Type: "interactive", Payload: raw}); err != nil {
		t.Fatal(err)
	}
	w.whispered(place.Channel, w.Noor, "only a copy of a card")
	if got := w.house.Events(access.EventNote); w.house.Only().State != access.RequestPending || len(got) != 1 || got[0].Request != "AR-7K2M9QXW" ||
		got[0].Actor.Account != w.Noor || !strings.HasPrefix(got[0].Note, "Refused to approve: ") {
		t.Errorf("logged %+v", got)
	}
	w.Clean()
}
