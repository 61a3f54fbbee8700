package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/config"
	"latchkey/config/value"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// inDatabase is a configuration whose store is a database, against a world that answers.
func inDatabase(t *testing.T, dsn string) (*config.Config, Hooks) {
	t.Helper()
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := StartWorld(c, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	c = Sandboxed(*c, world.Addresses(), t.TempDir()+"/unused")
	c.Store = config.Store{Type: "postgres", Settings: postgres.Settings{DSN: value.NewSecret(dsn)}}
	return c, Hooks{Clock: world.Clock, Logger: slog.New(slog.DiscardHandler), NoSockets: true}
}

// served runs a bot until the test ends, and comes back when it answers commands.
func served(t *testing.T, c *config.Config, hooks Hooks) (stop func()) {
	t.Helper()
	began := make(chan struct{})
	hooks.Logger = slog.New(noticing{slog.DiscardHandler, "no connection to Slack is held", began})
	ctx, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, c, hooks) }()
	select {
	case <-began:
	case err := <-done:
		end()
		t.Fatal(err)
	case <-time.After(time.Minute):
		end()
		t.Fatal("it doesn't begin")
	}
	return func() {
		end()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// noticing tells when something is said the first time.
type noticing struct {
	slog.Handler
	what string
	said chan struct{}
}

func (n noticing) Enabled(context.Context, slog.Level) bool { return true }
func (n noticing) WithAttrs([]slog.Attr) slog.Handler       { return n }
func (n noticing) WithGroup(string) slog.Handler            { return n }
func (n noticing) Handle(_ context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, n.what) {
		select {
		case n.said <- struct{}{}:
		default:
		}
	}
	return nil
}

func named(all []HealthCheck, name string) HealthCheck {
	for _, one := range all {
		if one.Name == name {
			return one
		}
	}
	return HealthCheck{}
}

// A bot whose store is a database answers the commands of its machine, also while the database is away: that is no reason to
// start it again, but one to send nobody to it.
func TestABotOnADatabaseSaysHowItIs(t *testing.T) {
	server := postgrestest.Start(t)
	c, hooks := inDatabase(t, server.Database(t))
	if _, err := AskHealth(t.Context(), c, false); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("nobody runs: %v", err)
	}
	stop := served(t, c, hooks)
	defer stop()
	alive, err := AskHealth(t.Context(), c, false)
	if err != nil || len(alive) != 1 || !alive[0].OK {
		t.Errorf("alive: %+v, %v", alive, err)
	}
	ready, err := AskHealth(t.Context(), c, true)
	if err != nil || !named(ready, "store").OK || !named(ready, "slack").OK {
		t.Errorf("ready: %+v, %v", ready, err)
	}
	admin, err := OpenAdmin(t.Context(), c)
	if err != nil || !admin.Running() {
		t.Errorf("a command asks %+v, %v", admin, err)
	}
	server.Kill()
	defer func() {
		if err := server.Start(); err != nil {
			t.Error(err)
		}
	}()
	alive, err = AskHealth(t.Context(), c, false)
	if err != nil || len(alive) != 1 || !alive[0].OK {
		t.Errorf("alive without the database: %+v, %v", alive, err)
	}
	ready, err = AskHealth(t.Context(), c, true)
	if one := named(ready, "store"); err != nil || one.OK || one.Detail == "" {
		t.Errorf("ready without the database: %+v, %v", ready, err)
	}
}

// One that is started while the database is away waits for it, and says so wherever it is asked.
func TestABotThatWaitsForItsDatabaseSaysSo(t *testing.T) {
	server := postgrestest.Start(t)
	c, hooks := inDatabase(t, server.Database(t))
	c.Metrics.Listen = freeAddress(t)
	server.Kill()
	waits := make(chan struct{})
	hooks.Logger = slog.New(noticing{slog.DiscardHandler, "the database is waited for", waits})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, c, hooks) }()
	<-waits
	alive, err := AskHealth(t.Context(), c, false)
	if err != nil || len(alive) != 1 || !alive[0].OK || !strings.Contains(alive[0].Detail, "can't be worked with") {
		t.Errorf("alive: %+v, %v", alive, err)
	}
	ready, err := AskHealth(t.Context(), c, true)
	if one := named(ready, "store"); err != nil || one.OK || !strings.Contains(one.Detail, "can't be worked with") {
		t.Errorf("ready: %+v, %v", ready, err)
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable, "/metrics": http.StatusOK} {
		resp, err := http.Get("http://" + c.Metrics.Listen + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s answers %s", path, resp.Status)
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	admin, err := OpenAdmin(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Stuck(t.Context()); err == nil || !strings.Contains(err.Error(), "waits for its store") {
		t.Errorf("another command reads %v", err)
	}
	_ = admin.Close()
	end()
	if err := <-done; err != nil {
		t.Errorf("stopped while it waits: %v", err)
	}
	if _, err := AskHealth(t.Context(), c, false); !errors.Is(err, ErrNotRunning) {
		t.Errorf("stopped, and still there: %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// What a service does, or another replica, takes no bot out of service: it is shown beside.
func TestReadinessIsOfOnesOwnPart(t *testing.T) {
	a := idleApp(t)
	a.deaf = true
	a.outages.by["jira"] = outage{service: service{name: "jira", called: "Jira"}, why: "Jira is away", since: time.Now()}
	a.outages.by["replicas"] = outage{service: service{name: "replicas", called: "the replicas' configuration"}, why: "Replicas go by different catalogues", since: time.Now()}
	code, text := get(t, a.pages().handler(), "/readyz")
	if code != http.StatusOK {
		t.Errorf("/readyz: %d %s", code, text)
	}
	var all []HealthCheck
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"service jira", "service replicas"} {
		if one := named(all, name); !one.OK || !one.Warn || one.Detail == "" {
			t.Errorf("%s: %+v", name, one)
		}
	}
}
