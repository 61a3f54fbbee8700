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
	healthPages(mux, p.checks)
	return mux
}

// healthPages shows how a bot is: alive, and ready.
func healthPages(mux *http.ServeMux, checks func(ctx context.Context, ready bool) []HealthCheck) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { writeChecks(w, checks(r.Context(), false)) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { writeChecks(w, checks(r.Context(), true)) })
}

// checks are what a restart might cure and, if ready, also what it takes to serve people and what should be known besides.
func (p pages) checks(ctx context.Context, ready bool) []HealthCheck {
	all := p.alive(ctx)
	if ready {
		all = append(all, p.ready(ctx)...)
	}
	return all
}

// alive is what a restart might cure. A database that is away is none of that: whoever is started again waits for it as well,
// and with all replicas at once.
func (p pages) alive(ctx context.Context) []HealthCheck {
	if !p.store.Exclusive() {
		return []HealthCheck{{Name: "process", OK: true, Detail: "it answers"}}
	}
	return []HealthCheck{p.readable(ctx)}
}

// readable is whether the store answers.
func (p pages) readable(ctx context.Context) HealthCheck {
	if _, err := hasHistory(ctx, p.store); err != nil {
		return HealthCheck{Name: "store", Detail: "the store can't be read: " + err.Error()}
	}
	return HealthCheck{Name: "store", OK: true, Detail: "the store answers"}
}

// endless is how long an end of access may be overdue before something is wrong
// with keeping time.
const endless = time.Minute

// ready is what it takes to serve people, of what this bot has to do itself: it reads and writes its store, and hears what people
// do in Slack. What else is wrong is told, and takes nothing out of service: a service that is away is away for every replica, a
// replica with another configuration has to be let in before the last with the old one can go, and a crowd takes as long as the
// services' limits say.
func (p pages) ready(ctx context.Context) (all []HealthCheck) {
	if !p.store.Exclusive() {
		all = append(all, p.readable(ctx))
	}
	all = append(all, p.writable()...)
	all = append(all, p.connected())
	if ends, work, err := p.due(ctx); err == nil { // else it was said of the store
		all = append(all, ends, work)
	}
	return append(append(all, p.inForce.check()), p.services()...)
}

// connected is whether Slack is heard.
func (p pages) connected() HealthCheck {
	if p.deaf {
		return HealthCheck{Name: "slack", OK: true, Detail: "no connections, as it was started"}
	}
	conn := p.socket.State()
	slack := HealthCheck{Name: "slack", OK: conn.Connected > 0, Detail: strconv.Itoa(conn.Connected) + " connections"}
	if !conn.LastHello.IsZero() {
		slack.Detail += ", greeted " + time.Since(conn.LastHello).Round(time.Second).String() + " ago"
	}
	return slack
}

// due is how far ends of access, and other work, are behind.
func (p pages) due(ctx context.Context) (ends, work HealthCheck, err error) {
	now := p.now()
	ends, work = HealthCheck{Name: "ends", OK: true, Detail: "none is overdue"}, HealthCheck{Name: "tasks", OK: true, Detail: "none waits"}
	err = p.store.View(ctx, func(tx store.Tx) error {
		at, ok, err := store.NextGrantDue(tx)
		if late := overdue(now, at, ok); late > 0 {
			ends.Warn, ends.Detail = late >= endless.Seconds(), "one is overdue by "+now.Sub(at).Round(time.Second).String()
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
	return ends, work, err
}

// writable is there while the store can't be written to.
func (p pages) writable() []HealthCheck {
	if s, able := p.store.(interface{ Trouble() error }); able && s.Trouble() != nil {
		return []HealthCheck{{Name: "writing", Detail: s.Trouble().Error()}}
	}
	return nil
}

// services are those that don't work, with cause and remedy.
func (p pages) services() (out []HealthCheck) {
	for _, o := range p.outages.list() {
		out = append(out, HealthCheck{Name: "service " + o.service.name, OK: true, Warn: true, Detail: "since " + o.since.Format("2006-01-02 15:04 MST") + ": " + o.why})
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
