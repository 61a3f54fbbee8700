package app

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"latchkey/bot/socket"
)

// metrics is what Latchkey measures about itself. Everything else is read from
// the store when it is asked for.
type metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	limited  *prometheus.CounterVec
	acks     prometheus.Histogram
	lags     prometheus.Histogram
	answers  *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "latchkey_vendor_calls_total", Help: "Calls to a service, by the class of its answer."}, []string{"service", "answer"}),
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "latchkey_vendor_limited_total", Help: "Calls that a service refused as too many (429)."}, []string{"service"}),
		acks: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "latchkey_ack_seconds", Help: "From reading an envelope of Slack's to having committed it; Slack allows 3 s.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3}}),
		lags: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "latchkey_revoke_lag_seconds", Help: "From the end of a grant to having seen that the access is gone.",
			Buckets: []float64{.25, .5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 6 * 3600, 24 * 3600}}),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "latchkey_answer_seconds", Help: "From when somebody was asked for a decision to their answer, by where they gave it.",
			Buckets: []float64{10, 30, 60, 120, 300, 900, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600}}, []string{"surface"}),
	}
	m.registry.MustRegister(m.calls, m.limited, m.acks, m.lags, m.answers, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// counted counts the calls that pass on their way to a service.
func (m *metrics) counted(service string, next http.RoundTripper) http.RoundTripper {
	return countedTransport{m, service, next}
}

type countedTransport struct {
	metrics *metrics
	service string
	next    http.RoundTripper
}

func (c countedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(req)
	class := "none"
	if err == nil {
		class = strconv.Itoa(resp.StatusCode/100) + "xx"
		if resp.StatusCode == http.StatusTooManyRequests {
			c.metrics.limited.WithLabelValues(c.service).Inc()
		}
	}
	c.metrics.calls.WithLabelValues(c.service, class).Inc()
	return resp, err
}

// timed measures how long envelopes take to be committed.
func (m *metrics) timed(h socket.Handler) socket.Handler {
	return socket.HandlerFunc(func(ctx context.Context, e socket.Envelope) ([]byte, error) {
		out, err := h.Handle(ctx, e)
		m.acks.Observe(time.Since(e.Received).Seconds())
		return out, err
	})
}
