package app

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
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
	replica  string // whose figures they are; "" where there is only one
	calls    *prometheus.CounterVec
	limited  *prometheus.CounterVec
	acks     prometheus.Histogram
	lags     prometheus.Histogram
	answers  *prometheus.HistogramVec
	events   *prometheus.CounterVec
	logged   *prometheus.CounterVec
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
	m.events = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "latchkey_events_total", Help: "Events of the log by their kind: what was asked for, decided, given, removed, refused."}, []string{"kind"})
	m.logged = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "latchkey_log_problems_total", Help: "Lines of the operator's log at WARN and ERROR."}, []string{"level"})
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "latchkey_build_info", Help: "1, with which Latchkey this is.", ConstLabels: prometheus.Labels{"version": buildVersion(), "go": runtime.Version()}}, func() float64 { return 1 })
	for _, level := range []slog.Level{slog.LevelWarn, slog.LevelError} { // so that a rate is known from the first one on
		m.logged.WithLabelValues(level.String())
	}
	m.registry.MustRegister(m.events, m.logged, build, m.calls, m.limited, m.acks, m.lags, m.answers, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
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

// counting has the log's problems counted on their way.
func (m *metrics) counting(log *slog.Logger) *slog.Logger {
	return slog.New(countedLog{log.Handler(), m.logged})
}

type countedLog struct {
	slog.Handler
	logged *prometheus.CounterVec
}

// Enabled implements slog.Handler: problems are counted also where they aren't written.
func (c countedLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn || c.Handler.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (c countedLog) Handle(ctx context.Context, r slog.Record) error {
	switch {
	case r.Level >= slog.LevelError:
		c.logged.WithLabelValues(slog.LevelError.String()).Inc()
	case r.Level >= slog.LevelWarn:
		c.logged.WithLabelValues(slog.LevelWarn.String()).Inc()
	}
	if !c.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return c.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (c countedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return countedLog{c.Handler.WithAttrs(attrs), c.logged}
}

// WithGroup implements slog.Handler.
func (c countedLog) WithGroup(name string) slog.Handler {
	return countedLog{c.Handler.WithGroup(name), c.logged}
}
