package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow/query"
)

// metrics is what Latchkey measures about itself. Everything else is read from
// the store when it is asked for.
type metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	limited  *prometheus.CounterVec
	acks     prometheus.Histogram
	lags     prometheus.Histogram
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
	}
	m.registry.MustRegister(m.calls, m.limited, m.acks, m.lags, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
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

// state reads from the store and the sockets what is true at the moment.
type state struct {
	app *App

	mu       sync.Mutex
	follower evidence.Follower
	active   int
	counted  time.Time

	tasks, grants, stuck, oldest, late, sockets, hello *prometheus.Desc
}

func (a *App) newState() *state {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("latchkey_"+name, help, labels, nil)
	}
	return &state{
		app:     a,
		tasks:   desc("tasks", "Tasks that are not done.", "queue", "state"),
		grants:  desc("grants_active", "Grants that are in force, counted at most once a minute."),
		stuck:   desc("stuck", "What waits for a human; see latchkey stuck."),
		oldest:  desc("task_overdue_seconds", "How long the task that could begin has been waiting for its turn.", "queue"),
		late:    desc("expiry_overdue_seconds", "How long the next end of access is overdue; 0 while none is."),
		sockets: desc("sockets", "Connections to Slack that serve."),
		hello:   desc("socket_hello_age_seconds", "Since Slack last greeted a connection."),
	}
}

// Describe implements prometheus.Collector.
func (s *state) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(s, out) }

// Collect implements prometheus.Collector.
func (s *state) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	conn := s.app.socket.State()
	gauge(s.sockets, float64(conn.Connected))
	if !conn.LastHello.IsZero() {
		gauge(s.hello, max(0, time.Since(conn.LastHello).Seconds()))
	}
	err := s.app.store.View(context.Background(), func(tx store.Tx) error { return s.look(tx, gauge) })
	if err != nil {
		s.app.log.Error("the store can't be read for metrics", "error", err)
	}
}

type gaugeFunc func(d *prometheus.Desc, v float64, labels ...string)

func (s *state) look(tx store.Tx, gauge gaugeFunc) error {
	for _, look := range []func(store.Tx, gaugeFunc) error{s.lookTasks, s.lookGrants, s.lookDue} {
		if err := look(tx, gauge); err != nil {
			return err
		}
	}
	lags, err := s.follower.Lags(tx)
	for _, lag := range lags {
		s.app.metrics.lags.Observe(lag.Seconds())
	}
	return err
}

func (s *state) lookTasks(tx store.Tx, gauge gaugeFunc) error {
	type key struct{ queue, state string }
	count := map[key]int{}
	for after := uint64(0); ; {
		page, err := tx.Tasks("", after, 1000)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, t := range page {
			count[key{t.Queue, string(t.State)}]++
			after = t.Seq
		}
	}
	for k, n := range count {
		gauge(s.tasks, float64(n), k.queue, k.state)
	}
	stuck, err := query.CountStuck(tx)
	gauge(s.stuck, float64(stuck))
	return err
}

// lookGrants counts at most once a minute: there may be many.
func (s *state) lookGrants(tx store.Tx, gauge gaugeFunc) (err error) {
	if now := s.app.now(); now.Sub(s.counted).Abs() >= time.Minute {
		if s.active, err = countGrants(tx, access.GrantActive); err != nil {
			return err
		}
		s.counted = now
	}
	gauge(s.grants, float64(s.active))
	return nil
}

// countGrants counts without decoding.
func countGrants(tx store.Tx, in access.GrantState) (n int, err error) {
	for after := ""; ; {
		page, err := tx.Find("grant", "state:"+string(in), after, 1000)
		if err != nil || len(page) == 0 {
			return n, err
		}
		n, after = n+len(page), page[len(page)-1].ID
	}
}

func (s *state) lookDue(tx store.Tx, gauge gaugeFunc) error {
	at, ok, err := store.NextGrantDue(tx)
	if err != nil {
		return err
	}
	gauge(s.late, overdue(s.app.now(), at, ok))
	for _, queue := range s.app.queues() {
		at, ok, err := tx.NextTask(queue)
		if err != nil {
			return err
		}
		gauge(s.oldest, overdue(s.app.now(), at, ok), queue)
	}
	return nil
}

func overdue(now, at time.Time, ok bool) float64 {
	if !ok {
		return 0
	}
	return max(0, now.Sub(at).Seconds())
}

// queues are the names of the queues: one for each service and one for the house.
func (a *App) queues() []string {
	out := []string{"house", "jira", "slack"}
	for _, d := range a.dirs {
		out = append(out, d.ID())
	}
	return out
}

// openPages serves the pages where the configuration wants them, until the
// returned function is called.
func (a *App) openPages() (stop func(), err error) {
	if a.config.Metrics.Listen == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", a.config.Metrics.Listen)
	if err != nil {
		return nil, fmt.Errorf("metrics.listen: %w; name a free address of this machine, for example 127.0.0.1:9090", err)
	}
	return a.listen(l, a.pages()), nil
}

// pages serves /metrics, /healthz and /readyz.
func (a *App) pages() http.Handler {
	s := a.newState()
	a.metrics.registry.MustRegister(s)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { writeChecks(w, a.alive(r.Context())) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		writeChecks(w, append(a.alive(r.Context()), a.ready(r.Context())...))
	})
	return mux
}

// check is one thing a health page looked at.
type check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// alive is what a restart might cure.
func (a *App) alive(ctx context.Context) []check {
	if _, err := a.hasHistory(ctx); err != nil {
		return []check{{"store", false, "the store can't be read: " + err.Error()}}
	}
	return []check{{"store", true, "the store answers"}}
}

// endless is how long an end of access may be overdue before something is wrong
// with keeping time.
const endless = time.Minute

// ready is what it takes to serve people: a connection to Slack, and ends that
// are kept. How far other work is behind is told, but is no reason to be taken
// out of service: a crowd takes as long as the services' limits say.
func (a *App) ready(ctx context.Context) []check {
	now := a.now()
	conn := a.socket.State()
	slack := check{"slack", conn.Connected > 0, strconv.Itoa(conn.Connected) + " connections"}
	if !conn.LastHello.IsZero() {
		slack.Detail += ", greeted " + time.Since(conn.LastHello).Round(time.Second).String() + " ago"
	}
	ends, work := check{"ends", true, "none is overdue"}, check{"tasks", true, "none waits"}
	err := a.store.View(ctx, func(tx store.Tx) error {
		at, ok, err := store.NextGrantDue(tx)
		if late := overdue(now, at, ok); late > 0 {
			ends.OK, ends.Detail = late < endless.Seconds(), "one is overdue by "+now.Sub(at).Round(time.Second).String()
		}
		for _, queue := range a.queues() {
			at, ok, fault := tx.NextTask(queue)
			if overdue(now, at, ok) > 0 {
				work.Detail = "the next of " + queue + " has been due for " + now.Sub(at).Round(time.Second).String()
			}
			if fault != nil {
				err = fault
			}
		}
		return err
	})
	if err != nil {
		return []check{slack, {"tasks", false, "the store can't be read: " + err.Error()}}
	}
	return []check{slack, ends, work}
}

func writeChecks(w http.ResponseWriter, all []check) {
	w.Header().Set("Content-Type", "application/json")
	for _, c := range all {
		if !c.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
			break
		}
	}
	_ = json.NewEncoder(w).Encode(all) // whoever asked has gone
}
