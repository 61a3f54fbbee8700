package harness_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

const card = `[{"type":"actions","elements":[{"type":"button","action_id":"approve","text":{"type":"plain_text","text":"Approve"}}]}]`

// app says things in Slack as the bot would, in a world that no bot is connected to: whoever presses a button that
// is there hears from Slack that nobody answers.
type app struct {
	t     *testing.T
	world *sandbox.World
	where url.Values // of the card: its conversation, and its timestamp once it was posted
}

func newApp(t *testing.T) *app {
	t.Helper()
	w, err := sandbox.Start(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	noor, _ := w.Slack.UserByName("noor")
	return &app{t: t, world: w, where: url.Values{"channel": {w.Slack.DM(noor.ID)}}}
}

func (a *app) call(method, blocks string) {
	a.t.Helper()
	body := url.Values{"text": {"card"}, "blocks": {blocks}, "token": {a.world.Addresses().BotToken}, "channel": a.where["channel"], "ts": a.where["ts"]}
	r := httptest.NewRequest(http.MethodPost, "/api/"+method, strings.NewReader(body.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a.world.Slack.Handler().ServeHTTP(httptest.NewRecorder(), r)
	all := a.world.Slack.Messages(a.where.Get("channel"))
	a.where.Set("ts", all[len(all)-1].TS)
}

// TestAButtonThatIsReplacedIsPressed: while an app edits its message again and again, and with that gives its
// button other ids, the person who presses it presses the one that is there.
func TestAButtonThatIsReplacedIsPressed(t *testing.T) {
	a := newApp(t)
	a.call("chat.postMessage", card)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for range 2000 {
			a.call("chat.update", card)
		}
	}()
	h := &harness.Harness{World: a.world}
	for pressing := true; pressing; {
		select {
		case <-over:
			pressing = false
		default:
		}
		if _, err := h.Do(context.Background(), "slack", "noor", "click", "Approve"); err == nil || !strings.Contains(err.Error(), "dispatch_failed") {
			t.Errorf("the button was there all the time, and pressing it came to: %v", err)
			break
		}
	}
	<-over
}

// TestAButtonThatIsGoneIsSaid: a button that an app took away, and doesn't bring back, is reported as gone.
func TestAButtonThatIsGoneIsSaid(t *testing.T) {
	a := newApp(t)
	a.call("chat.postMessage", card)
	a.call("chat.update", `[{"type":"section","text":{"type":"mrkdwn","text":"Decided"}}]`)
	h := &harness.Harness{World: a.world, Timeout: 1}
	if _, err := h.Do(context.Background(), "slack", "noor", "click", "Approve"); err == nil || !strings.Contains(err.Error(), `noor sees no button "Approve"; there is:`) {
		t.Errorf("pressing what is gone came to: %v", err)
	}
}
