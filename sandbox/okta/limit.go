package okta

import (
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	"latchkey/sandbox/traffic"
)

// Rate limit buckets, by the endpoint they guard.
const (
	bucketUsers  = "/api/v1/users"
	bucketUser   = "/api/v1/users/{id}"
	bucketGroups = "/api/v1/groups"
	bucketGroup  = "/api/v1/groups/{id}"
	bucketApps   = "/api/v1/apps"
	bucketApp    = "/api/v1/apps/{id}"
	bucketLogs   = "/api/v1/logs"
	bucketOther  = "/api/v1"
	window       = time.Minute
	callsKept    = 200_000
)

// DefaultLimits are the calls a minute of a Workforce Identity org for each bucket, before the share of
// one token is taken (developer.okta.com, "Rate limits for management APIs").
func DefaultLimits() map[string]int {
	return map[string]int{
		bucketUsers: 600, bucketUser: 2000, bucketGroups: 500, bucketGroup: 1000,
		bucketApps: 100, bucketApp: 500, bucketLogs: 120, bucketOther: 1200,
	}
}

// gate counts and limits what comes in.
type gate struct {
	mu       sync.Mutex
	limits   map[string]int
	most     int
	inFlight int
	windows  map[string]*usage
	requests int64
	log      *traffic.Log[string]
}

type usage struct {
	used  int
	reset time.Time // whole seconds, as the header tells it
}

func newGate(cfg Config) *gate {
	limits := DefaultLimits()
	maps.Copy(limits, cfg.Limits)
	if !cfg.FullShare {
		for bucket, n := range limits {
			limits[bucket] = max(1, n/2)
		}
	}
	return &gate{limits: limits, most: cfg.Concurrency, windows: map[string]*usage{}, log: traffic.New[string](callsKept)}
}

func (g *gate) saw(r *http.Request) {
	g.log.Add(r.Method + " " + r.URL.RequestURI())
	g.log.Count("calls")
}

// enter counts a call in. The reply is not nil if the call is over a limit.
func (g *gate) enter(bucket string, now time.Time) (leave func(), refused *reply) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight++
	leave = func() {
		g.mu.Lock()
		g.inFlight--
		g.mu.Unlock()
	}
	g.log.Peak("max in flight", g.inFlight)
	if g.inFlight > g.most {
		r := problem(http.StatusTooManyRequests, codeTooMany, summaryTooMany)
		r.header = map[string]string{headerLimit: "0", headerRemaining: "0"}
		return leave, &r
	}
	u := g.window(bucket, now)
	if u.used >= g.limits[bucket] {
		r := problem(http.StatusTooManyRequests, codeTooMany, summaryTooMany)
		return leave, &r
	}
	u.used++
	g.log.Count("bucket " + bucket)
	return leave, nil
}

func (g *gate) window(bucket string, now time.Time) *usage {
	u := g.windows[bucket]
	if u == nil || !now.Before(u.reset) {
		u = &usage{reset: now.Add(window).Truncate(time.Second)}
		g.windows[bucket] = u
	}
	return u
}

// describe writes the rate limit headers that every Okta answer carries.
func (g *gate) describe(h http.Header, bucket string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.window(bucket, now)
	h.Set(headerLimit, number(g.limits[bucket]))
	h.Set(headerRemaining, number(g.limits[bucket]-u.used))
	h.Set(headerReset, fmt.Sprint(u.reset.Unix()))
}

func (g *gate) requestID() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests++
	return fmt.Sprintf("req%017d", g.requests)
}

func (g *gate) answered(r *http.Request, a reply) {
	g.log.Count(number(a.status))
	if !a.injected && (a.status == http.StatusTooManyRequests || a.status == http.StatusUnauthorized) {
		g.log.Violate(fmt.Sprintf("%s %s: answered %d", r.Method, r.URL.Path, a.status))
	}
}
