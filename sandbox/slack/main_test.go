package slack_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	api "github.com/slack-go/slack"
	"go.uber.org/goleak"

	"latchkey/sandbox/slack"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// waitLimit bounds waits that only end early when something is broken.
const waitLimit = time.Minute

// desk is a workspace with a few people, its HTTP server and an API client.
type desk struct {
	*slack.Server
	t    *testing.T
	http *httptest.Server
	api  *api.Client

	maya, noor   slack.User
	general, ops slack.Channel // public without the app; private with it
	closed       slack.Channel // private without the app
	waitCtx      context.Context
	cancelWait   context.CancelFunc
	news         chan struct{} // something changed
}

func newDesk(t *testing.T, cfg slack.Config) *desk {
	t.Helper()
	d := &desk{t: t, news: make(chan struct{}, 1)}
	cfg.OnChange = func() {
		select {
		case d.news <- struct{}{}:
		default:
		}
	}
	d.Server = slack.New(cfg)
	d.http = httptest.NewServer(d.Handler())
	client := d.http.Client()
	d.api = api.New(d.Config().BotToken, api.OptionAppLevelToken(d.Config().AppToken),
		api.OptionAPIURL(d.http.URL+"/api/"), api.OptionHTTPClient(client))
	d.waitCtx, d.cancelWait = context.WithTimeout(context.Background(), waitLimit)
	d.maya = d.AddUser(slack.User{Name: "maya", RealName: "Maya Lind", Email: "maya@acme.example"})
	d.noor = d.AddUser(slack.User{Name: "noor", RealName: "Noor Haddad", Email: "noor@acme.example"})
	people := []string{d.maya.ID, d.noor.ID}
	d.general = d.AddChannel(slack.Channel{Name: "general", Members: people})
	d.ops = d.AddChannel(slack.Channel{Name: "ops", Private: true, Members: append([]string{d.Config().BotUserID}, people...)})
	d.closed = d.AddChannel(slack.Channel{Name: "board", Private: true, Members: people})
	t.Cleanup(func() {
		d.cancelWait()
		d.Close()
		d.http.Close()
		client.CloseIdleConnections()
	})
	return d
}

func (d *desk) ctx() context.Context { return d.waitCtx }

// frame is one text frame from Slack to the app.
type frame struct {
	Type       string          `json:"type"`
	Reason     string          `json:"reason"`
	EnvelopeID string          `json:"envelope_id"`
	Accepts    *bool           `json:"accepts_response_payload"`
	Attempt    *int            `json:"retry_attempt"`
	RetryWhy   string          `json:"retry_reason"`
	Count      int             `json:"num_connections"`
	Payload    json.RawMessage `json:"payload"`
}

// line is a bare Socket Mode connection.
type line struct {
	t  *testing.T
	ws *websocket.Conn
}

func (d *desk) link() string {
	d.t.Helper()
	_, link, err := d.api.StartSocketModeContext(d.ctx())
	must(d.t, err)
	return link
}

func (d *desk) dial() *line {
	d.t.Helper()
	ws, res, err := websocket.DefaultDialer.Dial(d.link(), nil)
	must(d.t, err)
	res.Body.Close()
	d.t.Cleanup(func() { ws.Close() })
	l := &line{t: d.t, ws: ws}
	if hello := l.read(); hello.Type != "hello" || hello.Count == 0 {
		d.t.Fatalf("first frame = %+v, want hello", hello)
	}
	return l
}

func (l *line) read() frame {
	l.t.Helper()
	var f frame
	must(l.t, l.ws.SetReadDeadline(time.Now().Add(waitLimit)))
	must(l.t, l.ws.ReadJSON(&f))
	return f
}

func (l *line) ack(id string, payload any) {
	l.t.Helper()
	body := map[string]any{"envelope_id": id}
	if payload != nil {
		body["payload"] = payload
	}
	must(l.t, l.ws.WriteJSON(body))
}

// serve answers every envelope with what answer returns, until the line ends.
func (l *line) serve(answer func(f frame) any) {
	go func() {
		for {
			var f frame
			if l.ws.ReadJSON(&f) != nil {
				return
			}
			if f.EnvelopeID == "" {
				continue
			}
			body := map[string]any{"envelope_id": f.EnvelopeID, "payload": answer(f)}
			if l.ws.WriteJSON(body) != nil {
				return
			}
		}
	}()
}

// decode reads parts of a payload.
func (f frame) decode(t *testing.T, into any) {
	t.Helper()
	must(t, json.Unmarshal(f.Payload, into))
}

// call posts a form to a method with a bearer token and returns the answer.
func (d *desk) call(method, token string, form url.Values) map[string]any {
	d.t.Helper()
	form = clone(form)
	form.Set("token", token)
	res, err := d.http.Client().PostForm(d.http.URL+"/api/"+method, form)
	must(d.t, err)
	defer res.Body.Close()
	var body map[string]any
	must(d.t, json.NewDecoder(res.Body).Decode(&body))
	body["status"] = res.StatusCode
	return body
}

func clone(v url.Values) url.Values {
	out := url.Values{}
	for k, list := range v {
		out[k] = append([]string(nil), list...)
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError checks the Slack error code of a client call.
func wantError(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("error = %v, want %s", err, code)
	}
}

// wait blocks until it is so, looking again whenever the workspace changes.
func (d *desk) wait(what string, so func() bool) {
	d.t.Helper()
	for !so() {
		select {
		case <-d.news:
		case <-d.ctx().Done():
			d.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func noViolations(t *testing.T, d *desk) {
	t.Helper()
	if v := d.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}
