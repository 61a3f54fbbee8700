package app

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"latchkey/access"
	"latchkey/config"
)

// front is where a bot is asked how it is: its socket and its pages. Where the store is a database they are there before it is,
// and say that it is waited for: a bot that doesn't answer would be taken for dead, and started again and again.
type front struct {
	config  *config.Config
	log     *slog.Logger
	name    string // of this process, among those that share its store
	metrics *metrics

	mu          sync.Mutex
	why         string       // what is waited for
	admin, page http.Handler // once everything is there
	stopAdmin   func()
	stopPages   func()
}

func newFront(c *config.Config, log *slog.Logger) *front {
	f := &front{config: c, log: log, name: processName(), metrics: newMetrics()}
	f.metrics.of(replicaName(c, f.name))
	return f
}

// early opens what answers before the store is open, if that is shared: beside a file nobody may listen who doesn't have it.
func (f *front) early() {
	if storeFile(f.config) == "" {
		_ = f.open() // it is tried again, and said, when the start has come so far
	}
}

// open opens what isn't open yet, until close. The error is that of the pages: a bot works without its socket.
func (f *front) open() (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopAdmin == nil {
		f.stopAdmin = openAdmin(f.config, relay{f, f.commands}, f.log)
	}
	if f.stopPages == nil {
		f.stopPages, err = openPages(metricsAddress(f.config), relay{f, f.pages}, f.log)
		if err != nil {
			f.stopPages = nil
		}
	}
	return err
}

// close stops answering.
func (f *front) close() {
	f.mu.Lock()
	stops := []func(){f.stopPages, f.stopAdmin}
	f.stopPages, f.stopAdmin = nil, nil
	f.mu.Unlock()
	for _, stop := range stops {
		if stop != nil {
			stop()
		}
	}
}

// waits notes what is waited for; nil: for nothing any more but the rest of the start.
func (f *front) waits(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.why = ""; err != nil {
		f.why = Sentence(err)
	}
}

// lead has everything answered from now on by those who can.
func (f *front) lead(admin, page http.Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.admin, f.page = admin, page
}

// relay answers with who can at the moment.
type relay struct {
	front *front
	who   func() http.Handler
}

func (r relay) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.who().ServeHTTP(w, req) }

func (f *front) commands() http.Handler {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.admin != nil {
		return f.admin
	}
	return waitingCommands(f.stands())
}

func (f *front) pages() http.Handler {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.page != nil {
		return f.page
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(f.metrics.named(f.metrics.registry), promhttp.HandlerOpts{}))
	healthPages(mux, starting(f.stands()).checks)
	return mux
}

// stands says what the start is at.
func (f *front) stands() string {
	if f.why == "" {
		return "it is starting"
	}
	return "it is starting, and waits for its store: " + f.why
}

// starting is how a bot is that isn't ready for anything: what it is at.
type starting string

func (s starting) checks(_ context.Context, ready bool) []HealthCheck {
	all := []HealthCheck{{Name: "process", OK: true, Detail: string(s)}}
	if ready {
		all = append(all, HealthCheck{Name: "store", Detail: string(s)})
	}
	return all
}

// waitingCommands answers how the bot is, and everything else with what it waits for.
func waitingCommands(why string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", answer(adminServer{checks: starting(why).checks}.health))
	mux.HandleFunc("/", answer(func(*http.Request) (any, error) {
		return nil, access.Refuse(access.TooLate, "", "Latchkey runs here, but "+strings.TrimSuffix(why, ".")+". Please ask again when it has begun.")
	}))
	return mux
}
