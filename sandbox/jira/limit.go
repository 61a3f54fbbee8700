package jira

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"latchkey/sandbox/jira/world"
)

// Limits of the vendor's rate limiting page.
const (
	issueShort, issueShortWindow = 20, 2 * time.Second
	issueLong, issueLongWindow   = 100, 30 * time.Second
)

// limits counts calls. It lives under the site's lock.
type limits struct {
	buckets map[string]*bucket
	writes  map[int][]time.Time
}

// throttle is a refusal that carries its own answer.
type throttle struct{ reply reply }

func (t *throttle) Error() string { return "rate limit exceeded" }

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimits() *limits {
	return &limits{buckets: map[string]*bucket{}, writes: map[int][]time.Time{}}
}

// burst refuses a call when the bucket of its endpoint is empty.
func (l *limits) burst(c *call) error {
	if !c.s.cfg.BurstLimits {
		return nil
	}
	key, rate, now := c.r.Method+c.route.pattern, c.route.rate(), c.site.Now()
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: rate, at: now}
		l.buckets[key] = b
	}
	b.tokens = math.Min(rate, b.tokens+rate*max(0, now.Sub(b.at).Seconds())) // max: the clock may be set back
	b.at = now
	if b.tokens < 1 {
		return l.refuse(c, "jira-burst-based", now.Add(time.Second))
	}
	b.tokens--
	return nil
}

// rate is the bucket size and refill per second of an endpoint.
func (rt *route) rate() float64 {
	switch {
	case rt.method == http.MethodGet && rt.pattern == "/rest/servicedeskapi/servicedesk/{serviceDeskId}/customer":
		return 5
	case rt.method == http.MethodGet && rt.pattern == "/rest/api/3/issue/{issueIdOrKey}",
		rt.pattern == "/rest/api/3/search/approximate-count":
		return 150
	case rt.method == http.MethodGet && rt.pattern == "/rest/api/3/issue/{issueIdOrKey}/changelog":
		return 200
	case rt.method == http.MethodPut, rt.method == http.MethodDelete:
		return 50
	}
	return 100
}

// write refuses a write to an issue that got too many lately.
func (l *limits) write(c *call, is *world.LiveIssue) error {
	if !c.s.cfg.WriteLimits {
		return nil
	}
	now := c.site.Now()
	recent := keepSince(l.writes[is.ID], now.Add(-issueLongWindow))
	if n := len(recent); n > 0 && recent[n-1].After(now) {
		recent = nil // the clock was set back; the vendor's own never is
	}
	l.writes[is.ID] = recent
	if len(recent) >= issueLong {
		return l.refuse(c, "jira-per-issue-on-write", recent[len(recent)-issueLong].Add(issueLongWindow))
	}
	if n := len(keepSince(recent, now.Add(-issueShortWindow))); n >= issueShort {
		return l.refuse(c, "jira-per-issue-on-write", recent[len(recent)-issueShort].Add(issueShortWindow))
	}
	l.writes[is.ID] = append(recent, now)
	return nil
}

func keepSince(times []time.Time, since time.Time) []time.Time {
	for i, t := range times {
		if t.After(since) {
			return times[i:]
		}
	}
	return nil
}

func (l *limits) refuse(c *call, reason string, reset time.Time) error {
	c.s.violation("%s %s exceeded the limit %s", c.r.Method, c.path, reason)
	h := http.Header{}
	wait := int(math.Max(1, math.Ceil(reset.Sub(c.site.Now()).Seconds())))
	h.Set("Retry-After", strconv.Itoa(wait))
	limitHeaders(h, reason, reset)
	p := refuse(http.StatusTooManyRequests, "Rate limit exceeded.")
	body := p.platform()
	if c.desk() {
		body = p.desk()
	}
	return &throttle{reply{status: p.status, header: h, body: body}}
}

// SetLimits turns the per-issue write limit and the burst limits on or off.
func (s *Server) SetLimits(perIssueWrites, burst bool) {
	// Turning limits cannot fail.
	_ = s.Update(func(*world.State) error {
		s.cfg.WriteLimits, s.cfg.BurstLimits = perIssueWrites, burst
		return nil
	})
}
