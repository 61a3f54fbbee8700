package app

import (
	"context"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"latchkey/store/postgres"
)

// Where there are several replicas, figures say whose they are; where there is one, they
// don't.
func TestFiguresSayWhoseTheyAre(t *testing.T) {
	for replica, want := range map[string]string{
		"":                `latchkey_vendor_calls_total{answer="2xx",service="jira"} 1`,
		"latchkey-2/17/1": `latchkey_vendor_calls_total{answer="2xx",replica="latchkey-2/17/1",service="jira"} 1`,
	} {
		m := newMetrics()
		m.of(replica)
		m.calls.WithLabelValues("jira", "2xx").Inc()
		w := httptest.NewRecorder()
		promhttp.HandlerFor(m.named(prometheus.Gatherers{m.registry}), promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		if text := w.Body.String(); !strings.Contains(text, want) {
			t.Errorf("%q: no %s", replica, want)
		}
	}
}

// crew is a store on which three replicas work, of which this one seals.
type crew struct{ common }

func (crew) Present(string)              {}
func (crew) Attendance() (place, of int) { return 1, 3 }
func (crew) There(owner string) bool     { return owner != "gone" }
func (crew) Stats() postgres.Stats {
	return postgres.Stats{Commits: postgres.Spread{Count: 2, Sum: time.Second, Within: map[float64]uint64{.5: 1, 1: 2}}, Updates: 5, Refused: 1, Sealed: 7, Sealing: true, Listening: true, TakenOver: 1}
}
func (c crew) Unsealed(context.Context) (int, time.Time, error) {
	return 4, time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), nil
}

// amongOthers is an app on such a store.
func amongOthers(t *testing.T) *App {
	a := idleApp(t)
	history(t, a)
	works(t, a)
	a.store = crew{common{a.store}}
	a.metrics.of(a.name)
	return a
}

// What is the store's is nobody's own, and what a replica did is its own: under the name by which logs and the database call it.
func TestWhatAReplicaDidIsItsOwn(t *testing.T) {
	a := amongOthers(t)
	_, text := get(t, a.pages().handler(), "/metrics")
	own := `replica="` + a.name + `"`
	for _, line := range []string{
		`latchkey_replicas 3`, `latchkey_unsealed 4`, `latchkey_grants_active 1`, `latchkey_tasks{queue="slack",state="stuck"} 1`,
		`latchkey_store_commit_seconds_count{` + own + `} 2`, `latchkey_store_commit_seconds_bucket{` + own + `,le="0.5"} 1`, `latchkey_store_updates_total{` + own + `} 5`,
		`latchkey_store_refused_total{` + own + `} 1`, `latchkey_store_sealed_total{` + own + `} 7`, `latchkey_store_sealing{` + own + `} 1`,
		`latchkey_store_listening{` + own + `} 1`, `latchkey_store_takeovers_total{` + own + `} 1`, `latchkey_events_total{kind="request.approved",` + own + `} 1`,
		`latchkey_store_up{op="write",` + own + `} 1`,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("the page lacks %s", line)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^(latchkey_\w+)(.*)`).FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[2], own) == ofTheStore(m[1]) {
			t.Errorf("%s says wrongly whose it is", m[0])
		}
	}
	if other := processName(); other == a.name || !strings.Contains(a.name, "/") {
		t.Errorf("%s and %s can't be told apart", a.name, other)
	}
}
