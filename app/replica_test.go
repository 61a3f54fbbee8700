package app

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Where there are several replicas, figures say whose they are; where there is one, they
// don't.
func TestFiguresSayWhoseTheyAre(t *testing.T) {
	for replica, want := range map[string]string{
		"":           `latchkey_vendor_calls_total{answer="2xx",service="jira"} 1`,
		"latchkey-2": `latchkey_vendor_calls_total{answer="2xx",replica="latchkey-2",service="jira"} 1`,
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
