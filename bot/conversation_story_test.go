package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
	"latchkey/workflow/requests"
)

func TestApprovingForLess(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(change(asked(), func(c *access.Case) { c.Request.Wanted, c.Request.Allowed = 4*catalog.Week, 4*catalog.Week }), notify.ToApprover, as(noor, w.noor))
	w.click(w.noor, place, "Approve for less")
	w.sees(w.noor, "Maya Lind, asked for 4 weeks")
	w.set(w.noor, "shorter", "6 hours")
	w.submit(w.noor)
	if got := w.desk.decided; len(got) != 1 || !got[0].Yes || got[0].Wanted != 6*time.Hour || got[0].Seen != 1 {
		t.Errorf("decided %+v", got)
	}
	w.clean()
}

func TestAskingAndAnswering(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.click(w.noor, w.card(asked(), notify.ToApprover, as(noor, w.noor)), "Ask a question")
	w.sees(w.noor, "What do you want to know?")
	w.set(w.noor, "reason", "Which files?")
	w.submit(w.noor)
	if got := w.desk.talks.asked; len(got) != 1 || got[0].Text != "Which files?" || got[0].By.Person != noor.ID || got[0].Origin == "" {
		t.Errorf("asked %+v", got)
	}
	w.click(w.maya, w.card(lives()["questioned"], notify.ToRequester, as(maya, w.maya)), "Answer")
	w.sees(w.maya, "Which &lt;files&gt; &amp; why?")
	w.set(w.maya, "reason", "The launch")
	w.submit(w.maya)
	if got := w.desk.talks.said; len(got) != 1 || got[0].Text != "The launch" || got[0].Request != "AR-7K2M9QXW" {
		t.Errorf("said %+v", got)
	}
	w.clean()
}

// What is said in the thread of a card is taken once; threads of others and
// messages outside of threads are not part of any conversation.
func TestThreadOfACardIsHeard(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToRequester, as(maya, w.maya))
	w.desk.set(func(d *desk) { d.talks.thread = place })
	out, err := w.Say(w.ctx, w.maya, place.Channel, place.TS, "Only <launch> & icons")
	if err != nil {
		t.Fatal(err)
	}
	w.until("the words", func() bool {
		w.desk.mu.Lock()
		defer w.desk.mu.Unlock()
		return len(w.desk.talks.said) == 1
	})
	if got := w.desk.talks.said[0]; got.Text != "Only <launch> & icons" || got.Origin != place.Channel+"/"+out.TS || got.By.Person != maya.ID {
		t.Errorf("heard %+v", got)
	}
	w.clean()
}

func TestSayingInAThreadHappensOnce(t *testing.T) {
	w := newWorld(t, slack.Config{})
	c := lives()["questioned"]
	place := w.card(c, notify.ToRequester, as(maya, w.maya))
	r := notify.ThreadReply{Case: c, Event: c.Story[0], Place: place, Marker: "ev-1|x"}
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
	w.desk.set(func(d *desk) { d.cases = map[string]access.Case{c.Request.ID: c} })
	place := w.show(notify.CardUpdate{Case: c, Face: notify.ToChannel, Channel: "#design-access", Marker: "x"}).Place
	if place.Channel != design.ID {
		t.Fatalf("posted to %s", place.Channel)
	}
	if m, _ := w.Message(place.Channel, place.TS); !strings.Contains(slack.Render(m), "<@"+w.noor+"> and Omar Reyes: please decide.") {
		t.Errorf("it reads\n%s", slack.Render(m))
	}
	w.click(w.noor, place, "I'm looking at it")
	if got := w.desk.acted; len(got) != 1 || got[0] != "claim AR-7K2M9QXW by noor@acme.example via slack" {
		t.Errorf("acted %v", got)
	}
	w.clean()
}

func TestExtending(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.desk.set(func(d *desk) { d.talks.extended = requests.Extended{Until: at(800)} })
	place := w.card(lives()["reminded"], notify.ToReminder.Edition(1), as(maya, w.maya))
	w.click(w.maya, place, "Extend")
	w.sees(w.maya, "The earlier approval carries it")
	w.set(w.maya, "more", "6 hours")
	w.set(w.maya, "reason", "The launch moved")
	w.submit(w.maya)
	w.sees(w.maya, "Extended by 6 hours. It now ends")
	if got := w.desk.talks.more; len(got) != 1 || got[0].More != 6*time.Hour || got[0].By.ID != maya.ID || got[0].Reason != "The launch moved" || got[0].Origin == "" {
		t.Errorf("wished %+v", got)
	}
	w.clean()
}

func TestReviewingAnEmergency(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(lives()["emergency-asked"], notify.ToReview.Edition(1), as(noor, w.noor))
	w.click(w.noor, place, "Justified")
	w.click(w.noor, place, "Not justified")
	w.sees(w.noor, "What was wrong about it?")
	w.set(w.noor, "reason", "There was no incident")
	w.submit(w.noor)
	want := []string{`judge true "" AR-7K2M9QXW by noor@acme.example via slack`, `judge false "There was no incident" AR-7K2M9QXW by noor@acme.example via slack`}
	if got := w.desk.acted; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("acted %q", got)
	}
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
	if len(w.desk.decided) != 0 || len(w.desk.talks.turned) != 1 || !strings.HasPrefix(w.desk.talks.turned[0], "AR-7K2M9QXW: "+w.noor+" tried to approve") {
		t.Errorf("decided %v, logged %v", w.desk.decided, w.desk.talks.turned)
	}
	w.clean()
}
