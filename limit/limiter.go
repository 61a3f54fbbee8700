// Package limit keeps calls of a vendor's API within the vendor's rate limits.
//
// A Limiter sits in an HTTP client's transport, so that every call passes it, those that a vendor's SDK makes
// by itself included. What the limits are is a Policy, written where the vendor is known: which quotas a call
// counts against, and what an answer says about them. A quota is known beforehand, as so many calls in any
// stretch of time, or it is learnt from what the answers tell is left of the vendor's window.
//
// Calls that have to wait stand in one line, by priority and then arrival. Who would have to wait longer than
// it is willing to is sent away at once with Exceeded, which says when to come back: nobody holds a worker
// for a call that can't be made, and the wait costs no attempt.
package limit

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// manyQuotas is how many quotas are kept before those that are idle are forgotten.
	manyQuotas = 4096
	// drainLimit is how much of a refusal's body is read so that its connection can be used again.
	drainLimit = 16 << 10
)

// Clock is the time as the Limiter needs it.
type Clock interface {
	Now() time.Time
	// Until returns a channel that delivers once the clock has reached t, and a function that gives the wait up.
	Until(t time.Time) (<-chan struct{}, func())
}

// Priority orders the calls that wait for the same quota; higher goes first, equals in order of arrival.
type Priority int

// The priorities. A part of a window that the vendor tells is kept for what is urgent.
const (
	Background Priority = iota
	Ordinary
	Urgent
)

// Config is what a Limiter needs. Policy, Next and Clock are required.
type Config struct {
	Policy Policy
	Next   http.RoundTripper
	Clock  Clock
	// InFlight is how many calls may be under way at a time, over all quotas; any number if zero.
	InFlight int
	// Among is how many processes call the vendor for the same account, this one included. What is
	// known beforehand, and InFlight, is divided among them; if nil, there is no other.
	Among func() int
	// Priority is the priority of a call; if nil, all are equal.
	Priority func(context.Context) Priority
	// MaxWait is how long a call waits in line before it is sent away; if nil or zero, as long as its
	// context has time. A call that its context gives less time to is sent away sooner.
	MaxWait func(context.Context) time.Duration
	// Repeat sends a call again that the vendor refused all the same, because somebody else used the
	// quota up, if its body can be had again. Otherwise the caller gets the refusal.
	Repeat bool
}

// Limiter is a transport that keeps to a vendor's limits. It is safe for concurrent use.
type Limiter struct {
	cfg Config

	mu      sync.Mutex
	quotas  map[string]*quota
	waiting []*call // by priority, then arrival
	flight  int
	alarm   *alarm // nil: nobody waits for time to pass
}

// New makes a Limiter.
func New(cfg Config) *Limiter {
	return &Limiter{cfg: cfg, quotas: map[string]*quota{}}
}

// RoundTrip sends the request when its turn has come.
func (l *Limiter) RoundTrip(req *http.Request) (*http.Response, error) {
	for {
		c, err := l.enter(req)
		if err != nil {
			if req.Body != nil {
				_ = req.Body.Close() // a RoundTripper must close it; there is nothing to learn from the result
			}
			return nil, err
		}
		resp, err := l.send(req)
		feedback := l.leave(c, req, resp, err)
		if err != nil || !l.cfg.Repeat || feedback == nil || !feedback.Refused {
			return resp, err
		}
		again, possible := repeatable(req)
		if !possible {
			return resp, nil
		}
		_, _ = io.CopyN(io.Discard, resp.Body, drainLimit) // only for the connection's sake
		_ = resp.Body.Close()
		req = again
	}
}

func (l *Limiter) send(req *http.Request) (*http.Response, error) {
	if err := fenced(req); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as in RoundTrip
		}
		return nil, err
	}
	return l.cfg.Next.RoundTrip(req)
}

// repeatable gives a request that can be sent once more, if the body can be had once more.
func repeatable(req *http.Request) (*http.Request, bool) {
	if req.Body == nil || req.Body == http.NoBody {
		return req, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, false
	}
	again := req.Clone(req.Context())
	again.Body = body
	return again, true
}

// enter waits until the request may be sent. Each call returned must be given back to leave.
func (l *Limiter) enter(req *http.Request) (*call, error) {
	ctx, wanted := req.Context(), l.cfg.Policy.Quotas(req)
	c := &call{ready: make(chan struct{})}
	if l.cfg.Priority != nil {
		c.priority = l.cfg.Priority(ctx)
	}
	l.mu.Lock()
	now := l.cfg.Clock.Now()
	c.latest = l.latest(ctx, now)
	for _, q := range wanted {
		c.quotas = append(c.quotas, l.quota(q, now))
	}
	l.arrive(c, now)
	l.mu.Unlock()
	select {
	case <-c.ready:
		return c, c.err
	case <-ctx.Done():
		l.giveUp(c)
		return nil, context.Cause(ctx)
	}
}

// latest is the moment a call won't wait beyond, zero if there is none. The context's deadline, which is of
// the machine's time, is translated to the limiter's clock.
func (l *Limiter) latest(ctx context.Context, now time.Time) (at time.Time) {
	if end, bounded := ctx.Deadline(); bounded {
		at = now.Add(time.Until(end))
	}
	if l.cfg.MaxWait == nil {
		return at
	}
	if d := l.cfg.MaxWait(ctx); d > 0 && (at.IsZero() || now.Add(d).Before(at)) {
		at = now.Add(d)
	}
	return at
}

// leave takes a call's answer into account, and returns what it says of the limits.
func (l *Limiter) leave(c *call, req *http.Request, resp *http.Response, err error) *Feedback {
	var feedback *Feedback
	now := l.cfg.Clock.Now()
	if err == nil {
		feedback = l.cfg.Policy.Learn(req, resp, now)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.land(c, feedback, now)
	l.dispatch(now)
	return feedback
}

// quota finds what a call counts against, or makes it.
func (l *Limiter) quota(q Quota, now time.Time) *quota {
	known := l.quotas[q.Name]
	if known == nil {
		l.forget(now)
		known = &quota{name: q.Name, bucket: q.bucket()}
		l.quotas[q.Name] = known
	}
	if b, ok := known.bucket.(*paced); ok {
		b.share(q, l.among())
	}
	return known
}

// among is how many share the limits.
func (l *Limiter) among() int {
	if l.cfg.Among == nil {
		return 1
	}
	return max(1, l.cfg.Among())
}

// forget drops quotas that nothing is known about any more, such as those of issues and channels that
// nothing was written to lately.
func (l *Limiter) forget(now time.Time) {
	if len(l.quotas) < manyQuotas {
		return
	}
	for name, q := range l.quotas {
		if q.waiting == [Urgent + 1]int{} && q.idle(now) {
			delete(l.quotas, name)
		}
	}
}
