package bot

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/bot/messenger"
	"latchkey/bot/roster"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// world is a workspace with the bot in it, reached over Socket Mode as in life,
// and with exactly the scopes and events of the bot's own manifest.
type world struct {
	*bottest.Workspace
	house     *bottest.House
	bot       *Bot
	roster    *roster.Roster
	messenger *messenger.Messenger
	handled   atomic.Int64 // envelopes that were answered
}

func newWorld(t *testing.T, cfg slack.Config) *world {
	t.Helper()
	cfg.Scopes, cfg.Events = manifest.Scopes(), manifest.Events()
	w := &world{Workspace: bottest.NewWorkspace(t, cfg)}
	w.build()
	stop := w.connect(http.DefaultClient)
	t.Cleanup(func() {
		if err := w.bot.Close(w.Ctx); err != nil {
			t.Error(err)
		}
		stop()
		http.DefaultClient.CloseIdleConnections()
	})
	return w
}

func (w *world) build() {
	w.roster = roster.New(w.API, func() time.Time { return bottest.Monday() })
	w.house = bottest.NewHouse(w.TB, catalog.New([]catalog.App{bottest.Figma(), bottest.Vault()}, bottest.ApprovalRoutes()), w.roster)
	w.messenger = messenger.New(messenger.Config{API: w.API, ITChannel: "#it-access"})
	cfg := configOf(w.house)
	cfg.API, cfg.Roster, cfg.Logger = w.API, w.roster, slog.New(slog.NewTextHandler(testLog{w.TB}, nil))
	var err error
	if w.bot, err = New(cfg); err != nil {
		w.Fatal(err)
	}
}

// meet lets the rooms look up everybody once, after which a store that refuses to
// write is no hindrance to that.
func (w *world) meet() {
	for _, user := range []string{w.Maya, w.Noor, w.Omar} {
		if _, err := w.house.Flow.People.Who(w.Ctx, user); err != nil {
			w.Fatal(err)
		}
	}
}

// testLog sends the bot's log to the test's.
type testLog struct{ testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// connect runs the Socket Mode client until the returned function is called.
func (w *world) connect(client *http.Client) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	var once sync.Once
	c := socket.New(socket.Config{Open: socket.OpenWith(client, w.URL, w.Config().AppToken), Handler: socket.HandlerFunc(w.handle), Connections: 1,
		OnState: func(s socket.State) {
			if s.Connected > 0 {
				once.Do(func() { close(ready) })
			}
		}})
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.Run(ctx); err != nil {
			w.Error(err)
		}
	})
	select {
	case <-ready:
	case <-w.Ctx.Done():
		w.Fatal("the bot didn't connect")
	}
	return func() { cancel(); running.Wait() }
}

// handle is the bot's, and tells the test when it is done.
func (w *world) handle(ctx context.Context, e socket.Envelope) ([]byte, error) {
	defer func() {
		w.handled.Add(1)
		w.Ring()
	}()
	return w.bot.Handle(ctx, e)
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
	w.Helper()
	w.Until("a modal with "+text, func() bool { return strings.Contains(slack.Render(w.top(user)), text) })
	return w.top(user)
}

func (w *world) set(user, name string, value any) {
	w.Helper()
	if out, err := w.SetInput(w.Ctx, user, w.top(user).ID, name, value); err != nil || out.Error != "" {
		w.Fatalf("set %s: %v %s", name, err, out.Error)
	}
}

func (w *world) slash(user, text string) slack.Outcome {
	w.Helper()
	out, err := w.Slash(w.Ctx, user, w.General, text)
	if err != nil || out.Error != "" {
		w.Fatalf("/access %s: %v %s", text, err, out.Error)
	}
	return out
}

func (w *world) submit(user string) slack.Outcome {
	w.Helper()
	out, err := w.Submit(w.Ctx, user, w.top(user).ID)
	if err != nil || out.Error != "" {
		w.Fatalf("submit: %v %s", err, out.Error)
	}
	return out
}

func (w *world) click(user string, at notify.MessageRef, label string) slack.Outcome {
	w.Helper()
	m, ok := w.Message(at.Channel, at.TS)
	if !ok {
		w.Fatalf("there is no message at %v", at)
	}
	button, ok := slack.FindButton(m, label)
	if !ok {
		w.Fatalf("no button %q on\n%s", label, slack.Render(m))
	}
	out, err := w.Click(w.Ctx, user, button)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// more opens what a card has no room for, and presses a button there.
func (w *world) more(user string, at notify.MessageRef, label string) {
	w.Helper()
	w.click(user, at, "More")
	var found slack.Click
	w.Until("the button "+label, func() (ok bool) {
		if views := w.Views(user); len(views) > 0 {
			found, ok = slack.FindButton(views[len(views)-1], label)
		}
		return ok
	})
	if _, err := w.Click(w.Ctx, user, found); err != nil {
		w.Fatal(err)
	}
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

// config is what a bot before a house needs of it.
func configOf(h *bottest.House) Config {
	return Config{Catalog: h.Catalog, Requests: h.Flow.Requests, Controls: h.Flow.Controls, Query: h.Flow.Query, People: h.Flow.People, Refusals: h.Flow, Notices: h.Flow.Notices, Delegations: h.Flow.Delegations, Birthrights: h.Flow.Birthrights, Campaigns: h.Flow.Campaigns, Now: h.Clock.Now}
}
