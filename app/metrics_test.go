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

// history puts one grant that ended three seconds late, one that is overdue and
// one stuck notice into the store.
func history(t *testing.T, a *App) {
	t.Helper()
	now := a.clock.Now().UTC()
	ended := access.Grant{ID: "G-1", Person: "maya@acme.example", App: "figma", State: access.GrantEnded, End: access.EndExpired,
		Started: now.Add(-time.Hour), Ends: now.Add(-10 * time.Second), Finished: now.Add(-7 * time.Second),
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, State: access.EntitlementRemoved}}}
	overdue := access.Grant{ID: "G-2", Person: "sam@acme.example", App: "figma", State: access.GrantActive, Started: now.Add(-time.Hour), Ends: now.Add(-10 * time.Minute)}
	err := a.store.Update(t.Context(), func(tx store.Tx) error {
		gone := ended.Event(access.EventMemberRemoved, access.System(), ended.Finished)
		_, err := store.Append(tx, gone)
		asked := access.Request{ID: "AR-1", Requester: "maya@acme.example", App: "figma", State: access.RequestApproved, Created: now.Add(-time.Hour)}
		err = errors.Join(err, store.PutRequest(tx, &asked))
		_, told := store.Append(tx, asked.Event(access.EventApproved, access.Actor{Person: "noor@acme.example", Via: access.ViaSlack, On: access.OnCard}, now.Add(-time.Minute)))
		err = errors.Join(err, told)
		first, second := ended, overdue
		err = errors.Join(err, store.PutGrant(tx, &first), store.PutGrant(tx, &second))
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

func TestMetricsTellWhatIsTrue(t *testing.T) {
	a := idleApp(t)
	history(t, a)
	if err := a.services.greetSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := a.metrics.timed(socket.HandlerFunc(func(context.Context, socket.Envelope) ([]byte, error) { return nil, nil }))
	if _, err := h.Handle(t.Context(), socket.Envelope{Received: time.Now()}); err != nil {
		t.Fatal(err)
	}
	a.log.With("request", "AR-1").Error("something went wrong")
	pages := a.pages().handler()
	for range 2 { // a lag is told once, however often it is asked for
		status, text := get(t, pages, "/metrics")
		if status != http.StatusOK {
			t.Fatalf("answered %d", status)
		}
		for _, line := range []string{
			`latchkey_tasks{queue="slack",state="ready"} 1`, `latchkey_tasks{queue="slack",state="stuck"} 1`, `latchkey_stuck 1`,
			`latchkey_grants_active 1`, `latchkey_sockets 0`, `latchkey_revoke_lag_seconds_count 1`, `latchkey_revoke_lag_seconds_bucket{le="5"} 1`,
			`latchkey_revoke_lag_seconds_bucket{le="2"} 0`, `latchkey_answer_seconds_count{surface="card"} 1`, `latchkey_ack_seconds_count 1`, `latchkey_events_total{kind="request.approved"} 1`, `latchkey_log_problems_total{level="ERROR"} 1`, `latchkey_log_problems_total{level="WARN"} 0`, `latchkey_build_info{`, `latchkey_vendor_calls_total{answer="2xx",service="slack"} `,
			`latchkey_expiry_overdue_seconds 6`, `latchkey_task_overdue_seconds{queue="slack"} 6`, `latchkey_task_overdue_seconds{queue="okta"} 0`,
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
	if _, text := get(t, pages, "/readyz"); !strings.Contains(text, `{"name":"ends","ok":false,"detail":"one is overdue by 10m0s"}`) {
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
	if stop, err := a.openPages(); err == nil || !strings.Contains(err.Error(), "metrics.listen") || !strings.Contains(err.Error(), "name a free address") {
		t.Errorf("got %v", err)
		stop()
	}
	a.config.Metrics.Listen = "127.0.0.1:0"
	stop, err := a.openPages()
	if err != nil {
		t.Fatal(err)
	}
	stop()
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
