package entra

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"latchkey/sandbox/traffic"
)

// What one application may do in a small tenant (learn.microsoft.com, "Microsoft Graph service-specific throttling
// limits"): so many resource units of the directory and so many calls of the logs in ten seconds.
const (
	unitsInTen = 3500
	logsInTen  = 5
	limitedFor = 10 * time.Second
	callsKept  = 200_000
)

// gate counts and limits what comes in.
type gate struct {
	mu        sync.Mutex
	unlimited bool
	windows   map[string]*usage
	requests  int64
	log       *traffic.Log[string]
}

type usage struct {
	used  int
	reset time.Time
}

func newGate(cfg Config) *gate {
	return &gate{unlimited: cfg.Unlimited, windows: map[string]*usage{}, log: traffic.New[string](callsKept)}
}

func (g *gate) saw(r *http.Request) {
	g.log.Add(r.Method + " " + r.URL.RequestURI())
	g.log.Count("calls")
}

// enter counts a call in: the logs by the call, the directory by what it costs. The reply is not nil if it is too much.
func (g *gate) enter(service string, cost int, now time.Time) *reply {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.windows[service]
	if u == nil || !now.Before(u.reset) {
		u = &usage{reset: now.Add(limitedFor)}
		g.windows[service] = u
	}
	most := map[string]int{serviceLogs: logsInTen, serviceDirectory: unitsInTen}[service]
	if !g.unlimited && u.used >= most {
		wait := max(int(u.reset.Sub(now).Seconds()+1), 1)
		r := throttled(service, strconv.Itoa(wait))
		return &r
	}
	u.used += cost
	return nil
}

// throttled is the refusal of a call too many. The logs don't always say how long to wait.
func throttled(service, wait string) reply {
	r := problem(http.StatusTooManyRequests, "TooManyRequests", "Too many requests")
	if service == serviceLogs {
		r = problem(http.StatusTooManyRequests, "UnknownError", "This request is throttled. Please try again after the value specified in the Retry-After header.")
	}
	r.header = map[string]string{}
	if wait != "" {
		r.header["Retry-After"] = wait
	}
	return r
}

func (g *gate) requestID() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", g.requests)
}

func (g *gate) answered(r *http.Request, a reply) {
	g.log.Count(strconv.Itoa(a.status))
	if a.violation != "" {
		g.log.Violate(a.violation)
	}
	if !a.injected && (a.status == http.StatusTooManyRequests || a.status == http.StatusUnauthorized) {
		g.log.Violate(fmt.Sprintf("%s %s: answered %d", r.Method, r.URL.Path, a.status))
	}
}
