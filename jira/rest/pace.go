package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/limit"
)

// Limits, a little below those of developer.atlassian.com/cloud/jira/platform/
// rate-limiting: 20 writes in 2 s and 100 in 30 s on an issue; bursts of 100
// reads or posts and 50 other writes a second on an endpoint, and of 5 on a
// service desk's customers.
const (
	issueShort, issueShortTime = 18, 2 * time.Second
	issueLong, issueLongTime   = 95, 30 * time.Second

	burstUsual, burstChanges, burstCustomers = 95, 45, 4
	burstTime                                = time.Second
)

// How much of the limits is used.
const (
	// DefaultPerSecond is how many calls a second are made at most, so that the
	// site's other integrations, which share the limits, keep the larger part.
	DefaultPerSecond = 20
	// maxQueueWait is how long a call waits in line before it is sent away with a time
	// to come back at: it holds a worker meanwhile.
	maxQueueWait = time.Second
	// nearLimitRest is the rest an endpoint gets when Jira says that its limit is near
	// (header X-RateLimit-NearLimit, same page).
	nearLimitRest = 200 * time.Millisecond
)

// PaceConfig is what a pace needs. Next and Clock are required.
type PaceConfig struct {
	Next      http.RoundTripper
	Clock     clock.Clock
	Among     func() int // how many replicas share the limits; nil: there is no other
	PerSecond int        // calls a second over all endpoints; default DefaultPerSecond
}

// Pace keeps calls within Jira's limits. It sits in the HTTP client that is
// given to New. A call waits a moment at most; then it fails as access.Limited
// with the time to come back at, so that no worker stands idle.
type Pace struct {
	limiter *limit.Limiter
}

// NewPace makes a transport.
func NewPace(cfg PaceConfig) *Pace {
	if cfg.PerSecond <= 0 {
		cfg.PerSecond = DefaultPerSecond
	}
	return &Pace{limit.New(limit.Config{
		Policy: policy{cfg.PerSecond}, Next: cfg.Next, Clock: cfg.Clock, Among: cfg.Among,
		MaxWait: func(context.Context) time.Duration { return maxQueueWait },
	})}
}

// RoundTrip sends the request when its turn has come.
func (p *Pace) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := p.limiter.RoundTrip(req)
	if full := (*limit.Exceeded)(nil); errors.As(err, &full) {
		return nil, &access.Failure{Class: access.Limited, After: full.After, Sentence: "Jira takes only so many calls at a time"}
	}
	return resp, err
}

// quotaTarget is what a call counts against.
type quotaTarget struct {
	endpoint string // method and path without ids
	issue    string // of a write, "" otherwise
	burst    int
}

func targetOf(req *http.Request) quotaTarget {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	t := quotaTarget{burst: burstUsual}
	if req.Method != http.MethodGet {
		t.issue = issueIn(parts)
	}
	if req.Method == http.MethodPut || req.Method == http.MethodDelete {
		t.burst = burstChanges
	}
	if req.Method == http.MethodGet && parts[len(parts)-1] == "customer" {
		t.burst = burstCustomers
	}
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") {
			parts[i] = "*"
		}
	}
	t.endpoint = req.Method + " " + strings.Join(parts, "/")
	return t
}

// issueIn finds the issue a path is about. Searching and fetching by POST are
// not about one.
func issueIn(parts []string) string {
	for i, part := range parts[:len(parts)-1] {
		if (part == "issue" || part == "request") && strings.ContainsAny(parts[i+1], "0123456789") {
			return parts[i+1]
		}
	}
	return ""
}

// policy is the limiter's policy for Jira.
type policy struct{ perSecond int }

// Quotas implements limit.Policy.
func (l policy) Quotas(req *http.Request) []limit.Quota {
	t := targetOf(req)
	out := []limit.Quota{{Most: l.perSecond, Per: time.Second}, {Name: t.endpoint, Most: t.burst, Per: burstTime}}
	if t.issue != "" {
		out = append(out,
			limit.Quota{Name: issueBurst(t.issue), Most: issueShort, Per: issueShortTime},
			limit.Quota{Name: "lately " + t.issue, Most: issueLong, Per: issueLongTime})
	}
	return out
}

func issueBurst(issue string) string { return "shortly " + issue }

// Learn takes in what an answer says about the limits. A 429 names the limit
// that was met: one issue's, or the endpoint's.
func (l policy) Learn(req *http.Request, resp *http.Response, now time.Time) *limit.Feedback {
	t := targetOf(req)
	feedback := &limit.Feedback{Quota: t.endpoint}
	switch h := resp.Header; {
	case resp.StatusCode == http.StatusTooManyRequests:
		feedback.Refused, feedback.Rest = true, orDefault(retryAfter(h, now), limitedWait)
		if strings.Contains(h.Get("RateLimit-Reason"), "per-issue") && t.issue != "" {
			feedback.Quota = issueBurst(t.issue)
		}
	case h.Get("X-RateLimit-Remaining") == "0":
		feedback.Rest = burstTime
	case h.Get("X-RateLimit-NearLimit") == "true":
		feedback.Rest = nearLimitRest
	}
	return feedback
}
