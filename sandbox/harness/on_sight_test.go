package harness_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

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

// listen has the app acknowledge whatever it is told, and say when it is told of a command.
func (a *app) listen(typed chan<- struct{}) {
	a.t.Helper()
	at := a.world.Addresses()
	r, err := http.NewRequest(http.MethodPost, at.SlackAPI+"apps.connections.open", nil)
	if err != nil {
		a.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+at.AppToken)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	var link struct{ URL string }
	if err := json.NewDecoder(res.Body).Decode(&link); err != nil {
		a.t.Fatal(err)
	}
	ws, _, err := websocket.DefaultDialer.Dial(link.URL, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	go func() {
		defer ws.Close()
		for {
			var told struct {
				Type string
				ID   string `json:"envelope_id"`
			}
			if ws.ReadJSON(&told) != nil {
				return
			}
			if told.ID != "" {
				_ = ws.WriteJSON(map[string]string{"envelope_id": told.ID})
			}
			if told.Type == "slash_commands" {
				typed <- struct{}{}
			}
		}
	}()
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

// TestWhoeverReadsAListAsksForItAgain: what a command answers doesn't change. Who expects more of it asks once more,
// unless they did something else meanwhile, or what they typed does something.
func TestWhoeverReadsAListAsksForItAgain(t *testing.T) {
	for _, c := range []struct {
		lines [][]string
		more  bool
	}{
		{[][]string{{"slack", "noor", "/access mine"}}, true},
		{[][]string{{"slack", "noor", "/access pause for 1h"}}, false},
		{[][]string{{"slack", "noor", "/access mine"}, {"slack", "noor", "say", "Never mind"}}, false},
	} {
		typed := make(chan struct{}, 100)
		a := newApp(t)
		a.listen(typed)
		h := &harness.Harness{World: a.world, Timeout: time.Minute}
		for _, line := range c.lines {
			_, _ = h.Do(context.Background(), line...)
		}
		<-typed
		ctx, cancel := context.WithCancel(context.Background())
		waited := make(chan struct{})
		go func() {
			defer close(waited)
			_, _ = h.Do(ctx, "whisper", "noor", "Figma")
		}()
		if c.more {
			<-typed
		}
		cancel()
		<-waited
		if n := len(typed); !c.more && n > 0 {
			t.Errorf("%v was typed %d times more", c.lines, n)
		}
	}
}
