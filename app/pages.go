package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"latchkey/bot/socket"
	"latchkey/store"
)

// pages are what a running Latchkey shows of itself: metrics and health.
type pages struct {
	metrics *metrics
	socket  *socket.Client
	deaf    bool // it holds no sockets
	store   store.Store
	inForce *inForce
	outages *outages
	queues  []string
	now     func() time.Time
	log     *slog.Logger
}

// openPages serves pages at an address, if there is one, until the returned
// function is called.
func openPages(address string, h http.Handler, log *slog.Logger) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return func() {}, fmt.Errorf("metrics.listen: %w; name a free address of this machine, for example 127.0.0.1:9090", err)
	}
	return listen(l, h, log), nil
}

// handler serves /metrics, /healthz and /readyz.
func (p pages) handler() http.Handler {
	now := prometheus.NewRegistry()
	now.MustRegister(newState(p))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics.named(prometheus.Gatherers{p.metrics.registry, now}), promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { writeChecks(w, p.checks(r.Context(), false)) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { writeChecks(w, p.checks(r.Context(), true)) })
	return mux
}

// checks are what a restart might cure and, if ready, what it takes to serve people.
func (p pages) checks(ctx context.Context, ready bool) []HealthCheck {
	all := p.alive(ctx)
	if ready {
		all = append(all, p.ready(ctx)...)
	}
	return all
}

// alive is what a restart might cure.
func (p pages) alive(ctx context.Context) []HealthCheck {
	if _, err := hasHistory(ctx, p.store); err != nil {
		return []HealthCheck{{"store", false, "the store can't be read: " + err.Error()}}
	}
	return []HealthCheck{{"store", true, "the store answers"}}
}

// endless is how long an end of access may be overdue before something is wrong
// with keeping time.
const endless = time.Minute

// ready is what it takes to serve people: a connection to Slack, and ends that
// are kept. How far other work is behind is told, but is no reason to be taken
// out of service: a crowd takes as long as the services' limits say.
func (p pages) ready(ctx context.Context) []HealthCheck {
	now := p.now()
	conn := p.socket.State()
	slack := HealthCheck{"slack", conn.Connected > 0, strconv.Itoa(conn.Connected) + " connections"}
	if !conn.LastHello.IsZero() {
		slack.Detail += ", greeted " + time.Since(conn.LastHello).Round(time.Second).String() + " ago"
	}
	if p.deaf {
		slack = HealthCheck{"slack", true, "no connections, as it was started"}
	}
	ends, work := HealthCheck{"ends", true, "none is overdue"}, HealthCheck{"tasks", true, "none waits"}
	err := p.store.View(ctx, func(tx store.Tx) error {
		at, ok, err := store.NextGrantDue(tx)
		if late := overdue(now, at, ok); late > 0 {
			ends.OK, ends.Detail = late < endless.Seconds(), "one is overdue by "+now.Sub(at).Round(time.Second).String()
		}
		for _, queue := range p.queues {
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
		return []HealthCheck{slack, {"tasks", false, "the store can't be read: " + err.Error()}}
	}
	return append([]HealthCheck{slack, ends, work, p.inForce.check()}, append(p.writable(), p.services()...)...)
}

// writable is there while the store can't be written to.
func (p pages) writable() []HealthCheck {
	if s, able := p.store.(interface{ Trouble() error }); able && s.Trouble() != nil {
		return []HealthCheck{{"writing", false, s.Trouble().Error()}}
	}
	return nil
}

// services are those that don't work, with cause and remedy.
func (p pages) services() (out []HealthCheck) {
	for _, o := range p.outages.list() {
		out = append(out, HealthCheck{"service " + o.service.name, false, "since " + o.since.Format("2006-01-02 15:04 MST") + ": " + o.why})
	}
	return out
}

func writeChecks(w http.ResponseWriter, all []HealthCheck) {
	w.Header().Set("Content-Type", "application/json")
	for _, c := range all {
		if !c.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
			break
		}
	}
	_ = json.NewEncoder(w).Encode(all) // whoever asked has gone
}
