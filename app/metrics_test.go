package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/config"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// idleApp is a wired Latchkey that does not run, against a world that answers.
func idleApp(t *testing.T) *App {
	t.Helper()
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := StartWorld(c, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db")),
		Hooks{Clock: world.Clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(a.Close(), world.Close()); err != nil {
			t.Error(err)
		}
	})
	return a
}

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// history puts one grant that is overdue and one stuck notice into the store, and an event from before this process.
func history(t *testing.T, a *App) {
	t.Helper()
	now := a.clock.Now().UTC()
	overdue := access.Grant{ID: "G-2", Person: "sam@acme.example", App: "figma", State: access.GrantActive, Started: now.Add(-time.Hour), Ends: now.Add(-10 * time.Minute)}
	err := a.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := store.Append(tx, overdue.Event(access.EventMemberAdded, access.System(), overdue.Started))
		err = errors.Join(err, store.PutGrant(tx, &overdue))
		for _, id := range []string{"a", "b"} {
			_, added := tx.Enqueue(store.Task{ID: id, Queue: "slack", NotBefore: now.Add(-time.Minute)})
			err = errors.Join(err, added)
		}
		return errors.Join(err, tx.Requeue(store.Task{ID: "a", State: store.Stuck}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// works has a process do something, as its rooms would: it takes away a grant three seconds after its end, has somebody
// answer after 59 minutes, and carries out a task.
func works(t *testing.T, a *App) {
	t.Helper()
	now := a.clock.Now().UTC()
	count := deeds{a.metrics, a.store, a.log}
	units := engine.NewUnits(engine.UnitsConfig{Store: a.store, Clock: a.clock, Observer: count})
	err := units.Update(t.Context(), func(u *engine.Unit) error {
		ended := access.Grant{ID: "G-1", Person: "maya@acme.example", App: "figma", State: access.GrantEnded, End: access.EndExpired,
			Started: now.Add(-time.Hour), Ends: now.Add(-10 * time.Second), Finished: now.Add(-7 * time.Second),
			Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, State: access.EntitlementRemoved}}}
		asked := access.Request{ID: "AR-1", Requester: "maya@acme.example", App: "figma", State: access.RequestApproved, Created: now.Add(-time.Hour)}
		yes := asked.Event(access.EventApproved, access.Actor{Person: "noor@acme.example", Via: access.ViaSlack, On: access.OnCard}, now.Add(-time.Minute))
		return errors.Join(
			engine.Begin(u, engine.Grants(), &ended, ended.Event(access.EventMemberRemoved, access.System(), ended.Finished)),
			engine.Begin(u, engine.Requests(), &asked, yes))
	})
	if err != nil {
		t.Fatal(err)
	}
	count.Claimed("okta", 2)
	count.Attempted(store.Task{Kind: "okta.remove"}, engine.EndedWell)
	count.Attempted(store.Task{Kind: "okta.remove"}, engine.EndedLost)
}

func TestMetricsTellWhatIsTrue(t *testing.T) {
	a := idleApp(t)
	history(t, a)
	works(t, a)
	if err := a.services.greetSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := a.metrics.timed(socket.HandlerFunc(func(context.Context, socket.Envelope) ([]byte, error) { return nil, nil }))
	if _, err := h.Handle(t.Context(), socket.Envelope{Received: time.Now()}); err != nil {
		t.Fatal(err)
	}
	a.log.With("request", "AR-1").Error("something went wrong")
	pages := a.pages().handler()
	for range 2 { // to ask changes nothing
		status, text := get(t, pages, "/metrics")
		if status != http.StatusOK {
			t.Fatalf("answered %d", status)
		}
		for _, line := range []string{
			`latchkey_tasks{queue="slack",state="ready"} 1`, `latchkey_tasks{queue="slack",state="stuck"} 1`, `latchkey_stuck 1`,
			`latchkey_grants_active 1`, `latchkey_sockets 0`, `latchkey_revoke_lag_seconds_count 1`, `latchkey_revoke_lag_seconds_bucket{le="5"} 1`,
			`latchkey_revoke_lag_seconds_bucket{le="2"} 0`, `latchkey_answer_seconds_count{surface="card"} 1`, `latchkey_ack_seconds_count 1`, `latchkey_events_total{kind="request.approved"} 1`,
			`latchkey_events_total{kind="request.denied"} 0`, `latchkey_events_total{kind="grant.member_added"} 0`, `latchkey_task_claims_total{queue="okta"} 2`,
			`latchkey_task_attempts_total{kind="okta.remove",outcome="done"} 1`, `latchkey_task_attempts_total{kind="okta.remove",outcome="taken_over"} 1`,
			`latchkey_log_problems_total{level="ERROR"} 1`, `latchkey_log_problems_total{level="WARN"} 0`, `latchkey_build_info{`, `latchkey_vendor_calls_total{answer="2xx",service="slack"} `,
			`latchkey_expiry_overdue_seconds 6`, `latchkey_task_overdue_seconds{queue="slack"} 6`, `latchkey_task_overdue_seconds{queue="okta"} 0`,
			`latchkey_store_up{op="read"} 1`, `latchkey_store_up{op="write"} 1`, `latchkey_replicas 1`, `latchkey_catalogue_info{catalogue="` + a.inForce.now().Version() + `"} 1`,
		} {
			if !strings.Contains(text, "\n"+line) {
				t.Errorf("the page lacks %s", line)
			}
		}
		if t.Failed() {
			t.Log(text)
		}
	}
}

// counting is a store that fails whoever reads more of it than it takes to count.
type counting struct {
	store.Store
	t *testing.T
}

func (c counting) View(ctx context.Context, fn func(store.Tx) error) error {
	if _, bounded := ctx.Deadline(); !bounded {
		c.t.Error("whoever asks for figures waits for the store for ever")
	}
	return c.Store.View(ctx, func(tx store.Tx) error { return fn(onlyCounting{tx, c.t}) })
}

type onlyCounting struct {
	store.Tx
	t *testing.T
}

func (c onlyCounting) Entries(store.Filter, uint64, int) ([]access.Entry, error) {
	c.t.Error("the log is read for figures")
	return nil, nil
}

func (c onlyCounting) Find(kind, key, after string, limit int) ([]store.Record, error) {
	if strings.HasSuffix(key, string(access.GrantActive)) || key == "" {
		c.t.Errorf("%s %s are read to count them", kind, key)
	}
	return c.Tx.Find(kind, key, after, limit)
}

func (c onlyCounting) Tasks(state store.TaskState, after uint64, limit int) ([]store.Task, error) {
	if state != store.Stuck {
		c.t.Error("all tasks are read to count them")
	}
	return c.Tx.Tasks(state, after, limit)
}

// However long the log and however much access there is: a process that has just been started answers at once.
func TestFiguresAreNotReadFromTheLog(t *testing.T) {
	a := idleApp(t)
	history(t, a)
	a.store = counting{a.store, t}
	if status, text := get(t, a.pages().handler(), "/metrics"); status != http.StatusOK || !strings.Contains(text, "\nlatchkey_grants_active 1") {
		t.Errorf("answered %d: %s", status, text)
	}
}

// Where no connection is to be held, none is missing.
func TestWhoHoldsNoConnectionTellsOfNone(t *testing.T) {
	a := idleApp(t)
	a.deaf = true
	if _, text := get(t, a.pages().handler(), "/metrics"); strings.Contains(text, "latchkey_sockets") {
		t.Error("it tells of connections")
	}
}

// gone is a store that can't be worked with.
type gone struct{ store.Store }

func (gone) View(context.Context, func(store.Tx) error) error { return store.ErrUnwritable }
func (gone) Trouble() error                                   { return store.ErrUnwritable }

func TestAStoreThatIsGoneShows(t *testing.T) {
	a := idleApp(t)
	was := a.store
	a.store = gone{was}
	defer func() { a.store = was }()
	_, text := get(t, a.pages().handler(), "/metrics")
	for _, line := range []string{`latchkey_store_up{op="read"} 0`, `latchkey_store_up{op="write"} 0`} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("the page lacks %s", line)
		}
	}
	if strings.Contains(text, "latchkey_expiry_overdue_seconds") {
		t.Error("it says what can't be known")
	}
}

func TestHealthPages(t *testing.T) {
	a := idleApp(t)
	pages := a.pages().handler()
	if status, text := get(t, pages, "/healthz"); status != http.StatusOK || !strings.Contains(text, `"ok":true`) {
		t.Errorf("/healthz: %d %s", status, text)
	}
	if status, text := get(t, pages, "/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(text, `{"name":"slack","ok":false,"detail":"0 connections"}`) || !strings.Contains(text, `none is overdue`) {
		t.Errorf("/readyz without a connection: %d %s", status, text)
	}
	history(t, a)
	if _, text := get(t, pages, "/readyz"); !strings.Contains(text, `{"name":"ends","ok":true,"warn":true,"detail":"one is overdue by 10m0s"}`) {
		t.Errorf("/readyz with an end overdue: %s", text)
	}
	if status, _ := get(t, pages, "/nothing"); status != http.StatusNotFound {
		t.Errorf("another page: %d", status)
	}
}

func TestRefusedCallsAreCounted(t *testing.T) {
	m := newMetrics()
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }))
	defer busy.Close()
	client := &http.Client{Transport: m.counted("jira", http.DefaultTransport)}
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	resp, err := client.Get(busy.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	busy.Close()
	if _, err := client.Get(busy.URL); err == nil {
		t.Fatal("a server that is gone answered")
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, v := range f.Metric {
			for _, l := range v.Label {
				got[f.GetName()+" "+l.GetValue()] += v.GetCounter().GetValue()
			}
		}
	}
	for name, want := range map[string]float64{"latchkey_vendor_limited_total jira": 1, "latchkey_vendor_calls_total 4xx": 1, "latchkey_vendor_calls_total none": 1} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

func TestMetricsAddressThatIsTaken(t *testing.T) {
	a := idleApp(t)
	a.config.Metrics.Listen = "127.0.0.1:99999"
	defer a.front.close()
	if err := a.answer(); err == nil || !strings.Contains(err.Error(), "metrics.listen") || !strings.Contains(err.Error(), "name a free address") {
		t.Errorf("got %v", err)
	}
	a.config.Metrics.Listen = "127.0.0.1:0"
	if err := a.answer(); err != nil {
		t.Fatal(err)
	}
}

// Nobody's access depends on metrics: only a first start needs their address.
func TestAMetricsAddressThatIsTakenKeepsNoLaterStart(t *testing.T) {
	a := idleApp(t)
	a.config.Metrics.Listen = "127.0.0.1:99999"
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := a.Run(stopped); err == nil {
		t.Error("a first start goes on")
	}
	a.started = true
	if err := a.Run(stopped); err != nil {
		t.Errorf("a later start: %v", err)
	}
}
