package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

func TestApprovingForLess(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(change(asked(), func(c *access.Case) { c.Request.Wanted, c.Request.Allowed = 4*catalog.Week, 4*catalog.Week }), notify.ToApprover, as(noor, w.noor))
	w.click(w.noor, place, "Approve for less")
	w.sees(w.noor, "Maya Lind, asked for 4 weeks")
	w.set(w.noor, "shorter", "6 hours")
	w.submit(w.noor)
	if r := w.house.only(); r.State != access.RequestApproved || r.Allowed != 6*time.Hour {
		t.Errorf("decided %+v", r)
	}
	w.clean()
}

func TestAskingAndAnswering(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.click(w.noor, w.card(asked(), notify.ToApprover, as(noor, w.noor)), "Ask a question")
	w.sees(w.noor, "What do you want to know?")
	w.set(w.noor, "reason", "Which files?")
	w.submit(w.noor)
	if got := w.house.events(access.EventQuestioned); len(got) != 1 || got[0].Reason != "Which files?" || got[0].Actor.Person != noor.ID || got[0].Origin == "" {
		t.Errorf("asked %+v", got)
	}
	w.click(w.maya, w.card(lives()["questioned"], notify.ToRequester, as(maya, w.maya)), "Answer")
	w.sees(w.maya, "Which &lt;files&gt; &amp; why?")
	w.set(w.maya, "reason", "The launch")
	w.submit(w.maya)
	if got := w.house.events(access.EventReplied); len(got) != 1 || got[0].Reason != "The launch" || got[0].Request != "AR-7K2M9QXW" {
		t.Errorf("said %+v", got)
	}
	w.clean()
}

// What is said in the thread of a card is taken once; threads of others and
// messages outside of threads are not part of any conversation.
func TestThreadOfACardIsHeard(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToRequester, as(maya, w.maya))
	w.house.posted(place, notify.ToRequester, maya)
	out, err := w.Say(w.ctx, w.maya, place.Channel, place.TS, "Only <launch> & icons")
	if err != nil {
		t.Fatal(err)
	}
	w.until("the words", func() bool { return len(w.house.events(access.EventReplied)) == 1 })
	if got := w.house.events(access.EventReplied)[0]; got.Reason != "Only <launch> & icons" || got.Origin != place.Channel+"/"+out.TS || got.Actor.Person != maya.ID {
		t.Errorf("heard %+v", got)
	}
	w.clean()
}

// Slack may deliver a message again while its first delivery is at work. An ack of
// either says that the message is kept.
func TestSecondDeliveryOfAMessageIsNotAcknowledgedForTheFirst(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToRequester, as(maya, w.maya))
	w.house.posted(place, notify.ToRequester, maya)
	body := fmt.Sprintf(`{"event_id":"Ev1","event":{"type":"message","channel_type":"im","channel":%q,"ts":"1700000000.000200","thread_ts":%q,"user":%q,"text":"For the launch"}}`, place.Channel, place.TS, w.maya)
	deliver := func() error {
		_, err := w.bot.Handle(w.ctx, socket.Envelope{Type: "events_api", Payload: []byte(body)})
		return err
	}
	w.house.store.before(func() {
		if err := deliver(); err == nil && len(w.house.events(access.EventReplied)) == 0 {
			t.Error("the second delivery was acknowledged, and nothing is kept yet")
		}
	})
	if err := deliver(); err != nil {
		t.Error(err)
	}
	if got := w.house.events(access.EventReplied); len(got) != 1 {
		t.Errorf("heard %+v, not one message", got)
	}
	w.clean()
}

func TestSayingInAThreadHappensOnce(t *testing.T) {
	w := newWorld(t, slack.Config{})
	c := lives()["questioned"]
	place := w.card(c, notify.ToRequester, as(maya, w.maya))
	r := notify.ThreadReply{Event: c.Story[0], By: noor, At: place, Marker: "ev-1|x"}
	for range 2 {
		if err := w.messenger.Say(w.ctx, r); err != nil {
			t.Fatal(err)
		}
		r.Again = true
	}
	var said []string
	for _, m := range w.Messages(place.Channel) {
		if m.ThreadTS == place.TS {
			said = append(said, m.Text)
		}
	}
	if len(said) != 1 || said[0] != "*Noor Haddad* asks:\n&gt; Which &lt;files&gt; &amp; why?" {
		t.Errorf("the thread reads %q", said)
	}
	w.clean()
}

func TestClaimingInAChannel(t *testing.T) {
	w := newWorld(t, slack.Config{})
	design := w.AddChannel(slack.Channel{Name: "design-access", Members: []string{w.noor, w.omar}})
	c := asked()
	c.Approvers = []access.Person{as(noor, w.noor), omar}
	w.house.keep(c)
	place := w.show(notify.CardUpdate{Content: shows(c), Audience: notify.ToChannel, Channel: "#design-access", Marker: "x"}).At
	if place.Channel != design.ID {
		t.Fatalf("posted to %s", place.Channel)
	}
	if m, _ := w.Message(place.Channel, place.TS); !strings.Contains(slack.Render(m), "<@"+w.noor+"> and Omar Reyes: please decide.") {
		t.Errorf("it reads\n%s", slack.Render(m))
	}
	w.click(w.noor, place, "I'm looking at it")
	if got := w.house.only().Stages[0].Claim.By; got != noor.ID {
		t.Errorf("claimed by %q", got)
	}
	w.clean()
}

func TestExtending(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(lives()["reminded"], notify.ToReminder.Revision(1), as(maya, w.maya))
	w.click(w.maya, place, "Extend")
	w.sees(w.maya, "The earlier approval carries it")
	w.set(w.maya, "more", "6 hours")
	w.set(w.maya, "reason", "The launch moved")
	w.submit(w.maya)
	w.sees(w.maya, "Extended by 6 hours. It now ends")
	if g, got := w.house.grant(), w.house.events(access.EventExtended); !g.Ends.Equal(at(370+360)) || len(got) != 1 || got[0].Actor.Person != maya.ID || got[0].Reason != "The launch moved" || got[0].Origin == "" {
		t.Errorf("extended until %s: %+v", g.Ends, got)
	}
	w.clean()
}

func TestReviewingAnEmergency(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(lives()["emergency-asked"], notify.ToReview.Revision(1), as(noor, w.noor))
	w.click(w.noor, place, "Not justified")
	w.sees(w.noor, "What was wrong about it?")
	w.set(w.noor, "reason", "There was no incident")
	w.submit(w.noor)
	if a := w.house.only().Review.Answer; a == nil || a.Yes || a.Reason != "There was no incident" || a.By != by(noor, w.noor) {
		t.Errorf("reviewed %+v", a)
	}
	w.click(w.noor, place, "Justified")
	w.whispered(place.Channel, w.noor, "already")
	w.clean()
}

// A card that was passed on inside another message decides nothing, whoever
// presses its buttons.
func TestForwardedCardDecidesNothing(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	payload, _ := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]string{"id": w.noor}, "channel": map[string]string{"id": place.Channel},
		"container": map[string]string{"type": "message_attachment", "channel_id": place.Channel},
		"actions":   []map[string]string{{"action_id": "approve", "value": "AR-7K2M9QXW/1"}},
	})
	if _, err := w.bot.Handle(w.ctx, socket.Envelope{Type: "interactive", Payload: payload}); err != nil {
		t.Fatal(err)
	}
	w.whispered(place.Channel, w.noor, "only a copy of a card")
	if got := w.house.events(access.EventNote); w.house.only().State != access.RequestPending || len(got) != 1 || got[0].Request != "AR-7K2M9QXW" ||
		got[0].Actor.Account != w.noor || !strings.HasPrefix(got[0].Note, "Refused to approve: ") {
		t.Errorf("logged %+v", got)
	}
	w.clean()
}
