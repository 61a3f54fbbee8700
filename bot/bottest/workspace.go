package bottest

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/sandbox/slack"
)

// Workspace is an emulated Slack workspace with Maya, Noor and Omar in it.
type Workspace struct {
	*slack.Server
	testing.TB
	Ctx              context.Context // ends before the test would hang
	API              *api.Client
	URL              string // of the Web API
	General          string // a channel with all of them
	Maya, Noor, Omar string // their Slack ids

	news chan struct{} // something changed in the workspace
}

// NewWorkspace opens a workspace. Whatever still calls it has to end before the test does.
func NewWorkspace(t testing.TB, cfg slack.Config) *Workspace {
	t.Helper()
	w := &Workspace{TB: t, news: make(chan struct{}, 1)}
	cfg.OnChange = w.Ring
	w.Server = slack.New(cfg)
	server := httptest.NewServer(w.Handler())
	w.URL = server.URL + "/api/"
	var cancel context.CancelFunc
	w.Ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	w.API = api.New(w.Config().BotToken, api.OptionAPIURL(w.URL), api.OptionHTTPClient(server.Client()))
	w.Maya, w.Noor, w.Omar = w.add("maya", Maya()), w.add("noor", Noor()), w.add("omar", Omar())
	w.General = w.AddChannel(slack.Channel{Name: "general", Members: []string{w.Maya, w.Noor, w.Omar}}).ID
	t.Cleanup(func() {
		cancel()
		w.Close()
		server.Close()
		server.Client().CloseIdleConnections()
	})
	return w
}

func (w *Workspace) add(name string, p access.Person) string {
	return w.AddUser(slack.User{Name: name, RealName: p.Name, Email: string(p.Email), Title: p.Title}).ID
}

// Ring says that something changed.
func (w *Workspace) Ring() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// Until waits for something to become true, looking whenever the workspace changes.
func (w *Workspace) Until(what string, is func() bool) {
	w.Helper()
	for !is() {
		select {
		case <-w.news:
		case <-w.Ctx.Done():
			w.Fatalf("waited in vain for %s\nviolations: %v", what, w.Violations())
		}
	}
}

// Clean wants that Slack objected to nothing.
func (w *Workspace) Clean() {
	w.Helper()
	for _, v := range w.Violations() {
		w.Error("Slack would object: " + v)
	}
}

// SilentSlack is a client of a Slack that doesn't answer.
func SilentSlack() *api.Client { return api.New("", api.OptionAPIURL("http://127.0.0.1:1/")) }
