package jira

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"latchkey/access"
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

const (
	// DefaultPerSecond is how many calls a second are made at most, so that the
	// site's other integrations, which share the limits, keep the larger part.
	DefaultPerSecond = 20
	// lull is how long a call waits in line before it is sent away with a time
	// to come back at: it holds a worker meanwhile.
	lull = time.Second
	// easing is the rest an endpoint gets when Jira says that its limit is near.
	easing = 200 * time.Millisecond
)

// Clock is the time a pace lives by.
type Clock interface {
	Now() time.Time
	// Until returns a channel that delivers once the clock has reached t, and a
	// function that gives the wait up.
	Until(t time.Time) (<-chan struct{}, func())
}

// PaceConfig is what a pace needs. Next and Clock are required.
type PaceConfig struct {
	Next      http.RoundTripper
	Clock     Clock
	PerSecond int // calls a second over all endpoints; default DefaultPerSecond
}

// Pace keeps calls within Jira's limits. It sits in the HTTP client that is
// given to New. A call waits a moment at most; then it fails as access.Limited
// with the time to come back at, so that no worker stands idle.
type Pace struct {
	cfg PaceConfig

	mu         sync.Mutex
	allowances map[string]*allowance
}

// NewPace makes a transport.
func NewPace(cfg PaceConfig) *Pace {
	if cfg.PerSecond <= 0 {
		cfg.PerSecond = DefaultPerSecond
	}
	return &Pace{cfg: cfg, allowances: map[string]*allowance{}}
}

// RoundTrip sends the request when its turn has come.
func (p *Pace) RoundTrip(req *http.Request) (*http.Response, error) {
	t := targetOf(req)
	if err := p.wait(req.Context(), p.limits(t)); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper must close it; there is nothing to learn from the result
		}
		return nil, err
	}
	resp, err := p.cfg.Next.RoundTrip(req)
	if err == nil {
		p.learn(t, resp)
	}
	return resp, err
}

// aim is what a call counts against.
type aim struct {
	endpoint string // method and path without ids
	issue    string // of a write, "" otherwise
	burst    int
}

func targetOf(req *http.Request) aim {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	t := aim{burst: burstUsual}
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

// limits are the allowances a call counts against, made where there are none.
func (p *Pace) limits(t aim) []*allowance {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []*allowance{p.allowance("", p.cfg.PerSecond, time.Second), p.allowance(t.endpoint, t.burst, burstTime)}
	if t.issue != "" {
		out = append(out,
			p.allowance(shortly(t.issue), issueShort, issueShortTime),
			p.allowance("lately "+t.issue, issueLong, issueLongTime))
	}
	return out
}

func shortly(issue string) string { return "shortly " + issue }

func (p *Pace) allowance(name string, most int, per time.Duration) *allowance {
	a := p.allowances[name]
	if a == nil {
		p.forget()
		a = &allowance{most: most, per: per}
		p.allowances[name] = a
	}
	return a
}

// forget drops issues that nothing was written to lately.
func (p *Pace) forget() {
	if len(p.allowances) < 4096 {
		return
	}
	now := p.cfg.Clock.Now()
	for name, a := range p.allowances {
		if a.idle(now) {
			delete(p.allowances, name)
		}
	}
}

// wait returns when the call may go, or with the failure that sends it away.
func (p *Pace) wait(ctx context.Context, limits []*allowance) error {
	latest := p.cfg.Clock.Now().Add(lull)
	for {
		at, err := p.ask(limits, latest)
		if err != nil || at.IsZero() {
			return err
		}
		turn, stop := p.cfg.Clock.Until(at)
		select {
		case <-turn:
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		}
		stop()
	}
}

// ask lets the call go (the zero time), tells when to ask again, or sends it away.
func (p *Pace) ask(limits []*allowance, latest time.Time) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.cfg.Clock.Now()
	at, narrowest := now, limits[0]
	for _, a := range limits {
		if free := a.free(now); free.After(at) {
			at, narrowest = free, a
		}
	}
	switch {
	case !at.After(now):
		for _, a := range limits {
			a.past = append(a.past, now)
		}
		return time.Time{}, nil
	case at.After(latest):
		return time.Time{}, &access.Failure{Class: access.Limited, After: narrowest.promise(at).Sub(now), Sentence: "Jira takes only so many calls at a time"}
	}
	return at, nil
}

// learn takes in what an answer says about the limits. A 429 names the limit
// that was met: one issue's, or the endpoint's.
func (p *Pace) learn(t aim, resp *http.Response) {
	now := p.cfg.Clock.Now()
	name, rest := t.endpoint, time.Duration(0)
	switch h := resp.Header; {
	case resp.StatusCode == http.StatusTooManyRequests:
		rest = orDefault(retryAfter(h, now), limitedWait)
		if strings.Contains(h.Get("RateLimit-Reason"), "per-issue") && t.issue != "" {
			name = shortly(t.issue)
		}
	case h.Get("X-RateLimit-Remaining") == "0":
		rest = burstTime
	case h.Get("X-RateLimit-NearLimit") == "true":
		rest = easing
	}
	if rest == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.allowances[name]; a != nil {
		a.told, a.silent = now, now.Add(rest)
	}
}

// allowance is how many calls may be made in any stretch of time.
type allowance struct {
	most int
	per  time.Duration
	past []time.Time // of calls let through, oldest first

	told, silent time.Time   // when Jira asked for a rest, and until when
	promised     []time.Time // when calls that were sent away may come back
}

// free is when the next call may go.
func (a *allowance) free(now time.Time) time.Time {
	a.settle(now)
	at := now
	if n := len(a.past); n >= a.most {
		at = a.past[n-a.most].Add(a.per)
	}
	if a.silent.After(at) {
		at = a.silent
	}
	return at
}

// promise tells a call that was sent away when to come back: after all those
// that were sent away before it, and not before at.
func (a *allowance) promise(at time.Time) time.Time {
	taken := append(a.past[:len(a.past):len(a.past)], a.promised...)
	if n := len(taken); n >= a.most {
		if next := taken[n-a.most].Add(a.per); next.After(at) {
			at = next
		}
	}
	a.promised = append(a.promised, at)
	return at
}

// settle forgets what is over, and what lies in the future because the clock
// was set back.
func (a *allowance) settle(now time.Time) {
	if n := len(a.past); n > 0 && a.past[n-1].After(now) {
		a.past, a.promised = nil, nil
	}
	if a.told.After(now) {
		a.silent = time.Time{}
	}
	a.past = later(a.past, now.Add(-a.per))
	a.promised = later(a.promised, now)
}

// later are the times after t, of times in order.
func later(times []time.Time, t time.Time) []time.Time {
	for i, at := range times {
		if at.After(t) {
			return times[i:]
		}
	}
	return nil
}

func (a *allowance) idle(now time.Time) bool {
	a.settle(now)
	return len(a.past) == 0 && !a.silent.After(now)
}
