package okta

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
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
	callsKept    = 100_000
)

// DefaultLimits are the calls a minute of a Workforce Identity org for each bucket, before the share of
// one token is taken (developer.okta.com, "Rate limits for management APIs").
func DefaultLimits() map[string]int {
	return map[string]int{
		bucketUsers: 600, bucketUser: 2000, bucketGroups: 500, bucketGroup: 1000,
		bucketApps: 100, bucketApp: 500, bucketLogs: 120, bucketOther: 1200,
	}
}

// traffic counts and limits what comes in.
type traffic struct {
	mu         sync.Mutex
	limits     map[string]int
	most       int
	inFlight   int
	windows    map[string]*usage
	stats      map[string]int
	calls      []string
	violations []string
	requests   int64
}

type usage struct {
	used  int
	reset time.Time // whole seconds, as the header tells it
}

func newTraffic(cfg Config) traffic {
	limits := DefaultLimits()
	maps.Copy(limits, cfg.Limits)
	if !cfg.FullShare {
		for bucket, n := range limits {
			limits[bucket] = max(1, n/2)
		}
	}
	return traffic{limits: limits, most: cfg.Concurrency, windows: map[string]*usage{}, stats: map[string]int{}}
}

func (t *traffic) saw(r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.calls) >= 2*callsKept {
		t.calls = append(t.calls[:0], t.calls[callsKept:]...)
	}
	t.calls = append(t.calls, r.Method+" "+r.URL.RequestURI())
	t.stats["calls"]++
}

// enter counts a call in. The reply is not nil if the call is over a limit.
func (t *traffic) enter(bucket string, now time.Time) (leave func(), refused *reply) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inFlight++
	leave = func() {
		t.mu.Lock()
		t.inFlight--
		t.mu.Unlock()
	}
	t.stats["max in flight"] = max(t.stats["max in flight"], t.inFlight)
	if t.inFlight > t.most {
		r := problem(http.StatusTooManyRequests, codeTooMany, summaryTooMany)
		r.header = map[string]string{headerLimit: "0", headerRemaining: "0"}
		return leave, &r
	}
	u := t.window(bucket, now)
	if u.used >= t.limits[bucket] {
		r := problem(http.StatusTooManyRequests, codeTooMany, summaryTooMany)
		return leave, &r
	}
	u.used++
	t.stats["bucket "+bucket]++
	return leave, nil
}

func (t *traffic) window(bucket string, now time.Time) *usage {
	u := t.windows[bucket]
	if u == nil || !now.Before(u.reset) {
		u = &usage{reset: now.Add(window).Truncate(time.Second)}
		t.windows[bucket] = u
	}
	return u
}

// describe writes the rate limit headers that every Okta answer carries.
func (t *traffic) describe(h http.Header, bucket string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.window(bucket, now)
	h.Set(headerLimit, number(t.limits[bucket]))
	h.Set(headerRemaining, number(t.limits[bucket]-u.used))
	h.Set(headerReset, fmt.Sprint(u.reset.Unix()))
}

func (t *traffic) requestID() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	return fmt.Sprintf("req%017d", t.requests)
}

func (t *traffic) answered(r *http.Request, a reply) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats[number(a.status)]++
	if !a.injected && (a.status == http.StatusTooManyRequests || a.status == http.StatusUnauthorized) {
		t.violations = append(t.violations, fmt.Sprintf("%s %s: answered %d", r.Method, r.URL.Path, a.status))
	}
}

func (t *traffic) violated(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.violations = append(t.violations, what)
}

// Stats counts calls: all ("calls"), by status ("204"), by rate limit bucket ("bucket /api/v1"), and
// the most that were answered at a time ("max in flight").
func (s *Server) Stats() map[string]int {
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	return maps.Clone(s.traffic.stats)
}

// Calls lists the calls so far, at least the last 100,000, as "GET /api/v1/users?limit=200".
func (s *Server) Calls() []string {
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	return slices.Clone(s.traffic.calls)
}

// Violations lists what a well-behaved client would not have done: calls over a limit, with a wrong
// token, of operations that do not exist, or that poison a group rule.
func (s *Server) Violations() []string {
	s.traffic.mu.Lock()
	defer s.traffic.mu.Unlock()
	return slices.Clone(s.traffic.violations)
}
