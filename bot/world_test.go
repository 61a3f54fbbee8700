package bot

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	api "github.com/slack-go/slack"
	"go.yaml.in/yaml/v4"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// world is a workspace with the bot in it, reached over Socket Mode as in life,
// and with exactly the scopes and events of the bot's own manifest.
type world struct {
	*slack.Server
	t         *testing.T
	ctx       context.Context
	api       *api.Client
	url       string
	house     *house
	bot       *Bot
	roster    *Roster
	messenger *Messenger
	general   string
	maya      string
	noor      string
	omar      string
	news      chan struct{} // something changed in the workspace
	handled   atomic.Int64  // envelopes that were answered
}

func newWorld(t *testing.T, cfg slack.Config) *world {
	t.Helper()
	w := &world{t: t, news: make(chan struct{}, 1)}
	granted := manifestOf(t)
	cfg.Scopes, cfg.Events = granted.OAuth.Scopes.Bot, granted.Settings.Events.Bot
	cfg.OnChange = w.ring
	w.Server = slack.New(cfg)
	server := httptest.NewServer(w.Handler())
	w.url = server.URL + "/api/"
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	w.people()
	w.build(server.Client())
	stop := w.connect(server.Client())
	t.Cleanup(func() {
		if err := w.bot.Close(w.ctx); err != nil {
			t.Error(err)
		}
		stop()
		cancel()
		w.Close()
		server.Close()
		server.Client().CloseIdleConnections()
	})
	return w
}

func manifestOf(t *testing.T) manifest {
	t.Helper()
	raw, err := Manifest("")
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func (w *world) ring() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *world) people() {
	add := func(name string, p access.Person) string {
		return w.AddUser(slack.User{Name: name, RealName: p.Name, Email: string(p.Email), Title: p.Title}).ID
	}
	w.maya, w.noor, w.omar = add("maya", maya), add("noor", noor), add("omar", omar)
	w.general = w.AddChannel(slack.Channel{Name: "general", Members: []string{w.maya, w.noor, w.omar}}).ID
}

func (w *world) build(client *http.Client) {
	w.api = api.New(w.Config().BotToken, api.OptionAPIURL(w.url), api.OptionHTTPClient(client))
	w.roster = NewRoster(w.api, func() time.Time { return monday })
	w.house = newHouse(w.t, catalog.New([]catalog.App{figma, vault}, routes()), w.roster)
	w.messenger = NewMessenger(MessengerConfig{API: w.api, ITChannel: "#it-access"})
	cfg := w.house.config()
	cfg.API, cfg.Roster, cfg.Logger = w.api, w.roster, slog.New(slog.NewTextHandler(testLog{w.t}, nil))
	w.bot = New(cfg)
}

// meet lets the rooms look up everybody once, after which a store that refuses to
// write is no hindrance to that.
func (w *world) meet() {
	for _, user := range []string{w.maya, w.noor, w.omar} {
		if _, err := w.house.flow.People.Who(w.ctx, user); err != nil {
			w.t.Fatal(err)
		}
	}
}

// testLog sends the bot's log to the test's.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// connect runs the Socket Mode client until the returned function is called.
func (w *world) connect(client *http.Client) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	var once sync.Once
	c := socket.New(socket.Config{Open: socket.OpenWith(client, w.url, w.Config().AppToken), Handler: socket.HandlerFunc(w.handle), Connections: 1,
		OnState: func(s socket.State) {
			if s.Connected > 0 {
				once.Do(func() { close(ready) })
			}
		}})
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.Run(ctx); err != nil {
			w.t.Error(err)
		}
	})
	select {
	case <-ready:
	case <-w.ctx.Done():
		w.t.Fatal("the bot didn't connect")
	}
	return func() { cancel(); running.Wait() }
}

// handle is the bot's, and tells the test when it is done.
func (w *world) handle(ctx context.Context, e socket.Envelope) ([]byte, error) {
	defer func() {
		w.handled.Add(1)
		w.ring()
	}()
	return w.bot.Handle(ctx, e)
}

// until waits for something to become true, looking whenever the world changes.
func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	for !is() {
		select {
		case <-w.news:
		case <-w.ctx.Done():
			w.t.Fatalf("waited in vain for %s\nviolations: %v", what, w.Violations())
		}
	}
}

// top is the modal a person has before them.
func (w *world) top(user string) slack.View {
	if views := w.Views(user); len(views) > 0 {
		return views[len(views)-1]
	}
	return slack.View{}
}

// sees waits until a person's top modal says something.
func (w *world) sees(user, text string) slack.View {
	w.t.Helper()
	w.until("a modal with "+text, func() bool { return strings.Contains(slack.Render(w.top(user)), text) })
	return w.top(user)
}

func (w *world) set(user, name string, value any) {
	w.t.Helper()
	if out, err := w.SetInput(w.ctx, user, w.top(user).ID, name, value); err != nil || out.Error != "" {
		w.t.Fatalf("set %s: %v %s", name, err, out.Error)
	}
}

func (w *world) slash(user, text string) slack.Outcome {
	w.t.Helper()
	out, err := w.Slash(w.ctx, user, w.general, text)
	if err != nil || out.Error != "" {
		w.t.Fatalf("/access %s: %v %s", text, err, out.Error)
	}
	return out
}

func (w *world) submit(user string) slack.Outcome {
	w.t.Helper()
	out, err := w.Submit(w.ctx, user, w.top(user).ID)
	if err != nil || out.Error != "" {
		w.t.Fatalf("submit: %v %s", err, out.Error)
	}
	return out
}

func (w *world) click(user string, at notify.MessageRef, label string) slack.Outcome {
	w.t.Helper()
	m, ok := w.Message(at.Channel, at.TS)
	if !ok {
		w.t.Fatalf("there is no message at %v", at)
	}
	button, ok := slack.FindButton(m, label)
	if !ok {
		w.t.Fatalf("no button %q on\n%s", label, slack.Render(m))
	}
	out, err := w.Click(w.ctx, user, button)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// show puts a card before a person.
func (w *world) show(s notify.CardUpdate) notify.CardPosted {
	w.t.Helper()
	shown, err := w.messenger.Show(w.ctx, s)
	if err != nil {
		w.t.Fatal(err)
	}
	return shown
}

// as is the person with a Slack account.
func as(p access.Person, id string) access.Person {
	p.Bindings = []access.Binding{{System: "slack", ID: id}}
	return p
}

func (w *world) clean() {
	w.t.Helper()
	for _, v := range w.Violations() {
		w.t.Error("Slack would object: " + v)
	}
}
