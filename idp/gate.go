package idp

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	// standardInFlight is what vendors call enough for bulk work; Okta speaks of ten.
	standardInFlight = 10
	// blindPause is the wait after a refusal that does not say how long to wait.
	blindPause = 2 * time.Second
	// probePatience is how long everybody waits for the call that asks for the budget.
	probePatience = 5 * time.Second
	// drainLimit is how much of a refusal's body is read so that its connection can be used again.
	drainLimit = 16 << 10
)

// Gate keeps calls within the rate limits that a vendor reports in its answers. It sits in an HTTP
// client's transport, so that every call of a vendor's SDK passes it, retries and pages included.
//
// Calls are sorted into buckets, one for each limit of the vendor. In a fresh window one call goes ahead
// and asks for the budget; while it lasts, calls go at full speed; when it is used up, all wait once for
// the window's end. A small part of it is kept for removals until the window is nearly over. Callers that cannot wait that long get *RateLimited at once. A call that is refused
// all the same (somebody else used the budget up) waits and is repeated by the gate, if its body allows.
//
// Set the fields before the first call. A Gate must not be copied.
type Gate struct {
	// Bucket names the limit that a request counts against. Nil puts all requests in one bucket.
	Bucket func(*http.Request) string
	// Window reads the budget from an answer: how many calls are left and when the window ends, in
	// seconds since 1970 by the vendor's clock. Not ok: the answer does not say. Nil: no answer ever says,
	// and only refusals slow the gate down.
	Window func(http.Header) (remaining int, reset int64, ok bool)
	// InFlight is how many calls may be under way at a time, over all buckets; 10 if zero.
	InFlight int
	// Clock tells the time; the system's if nil.
	Clock Clock

	mu      sync.Mutex
	buckets map[string]*bucket
	waiting []*waiter // by priority, then arrival
	flight  int
}

// Clock is the time as the Gate needs it.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f in its own goroutine once d has passed, unless stopped before.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

// RoundTripper puts the gate in front of next. All transports of one gate share its budgets.
func (g *Gate) RoundTripper(next http.RoundTripper) http.RoundTripper {
	return gatedTransport{g, next}
}

type gatedTransport struct {
	gate *Gate
	next http.RoundTripper
}

// RoundTrip sends the request when the gate lets it pass, again if the vendor refused it as too much.
func (t gatedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	for {
		w, err := t.gate.enter(req)
		if err != nil {
			if req.Body != nil {
				_ = req.Body.Close() // a RoundTripper must close it; there is nothing to learn from the result
			}
			return nil, err
		}
		resp, err := t.next.RoundTrip(req)
		t.gate.leave(w, resp)
		if err != nil || resp.StatusCode != http.StatusTooManyRequests {
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

// waiter is one call, from its arrival at the gate to its answer.
type waiter struct {
	bucket   *bucket
	priority Priority
	deadline time.Time     // zero if it has none
	ready    chan struct{} // closed when it may go, or when err is set
	err      error
	probe    bool // it asks for the budget of a fresh window
}

func (w *waiter) release() {
	w.bucket.waiting--
	close(w.ready)
}

// enter waits until the request may be sent. Each waiter returned must be given back to leave.
func (g *Gate) enter(req *http.Request) (*waiter, error) {
	ctx := req.Context()
	w := &waiter{priority: priorityOf(ctx), ready: make(chan struct{})}
	w.deadline, _ = ctx.Deadline()
	g.mu.Lock()
	w.bucket = g.bucketOf(req)
	g.arrive(w)
	g.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
		g.giveUp(w)
		return nil, context.Cause(ctx)
	}
	return w, w.err
}

func (g *Gate) bucketOf(req *http.Request) *bucket {
	name := ""
	if g.Bucket != nil {
		name = g.Bucket(req)
	}
	b := g.buckets[name]
	if b == nil {
		if g.buckets == nil {
			g.buckets = map[string]*bucket{}
		}
		b = &bucket{}
		g.buckets[name] = b
	}
	return b
}

// arrive lets the newcomer through or queues it. Nobody else's case has changed, so nobody else is asked.
func (g *Gate) arrive(w *waiter) {
	now := g.clock().Now()
	w.bucket.waiting++
	if g.admit(w, now) {
		w.release()
		return
	}
	at := len(g.waiting)
	for at > 0 && g.waiting[at-1].priority < w.priority {
		at--
	}
	g.waiting = slices.Insert(g.waiting, at, w)
	g.arm(w.bucket, now)
}

// giveUp takes back a call whose caller has gone, also if it was just let through.
func (g *Gate) giveUp(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if at := slices.Index(g.waiting, w); at >= 0 {
		g.waiting = slices.Delete(g.waiting, at, at+1)
		w.bucket.waiting--
		return
	}
	if w.err == nil {
		g.land(w)
		g.dispatch()
	}
}

func (g *Gate) land(w *waiter) {
	g.flight--
	w.bucket.flight--
	if w.probe {
		w.bucket.probing = false
	}
}

// leave takes a call's answer into account; resp is nil if there was none.
func (g *Gate) leave(w *waiter, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.land(w)
	if resp != nil {
		g.learn(w, resp)
	}
	g.dispatch()
}

func (g *Gate) learn(w *waiter, resp *http.Response) {
	now := g.clock().Now()
	remaining, reset, told := 0, int64(0), false
	if g.Window != nil {
		remaining, reset, told = g.Window(resp.Header)
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		wait := retryAfter(resp.Header)
		if told {
			wait = untilReset(resp.Header, reset, now)
		}
		w.bucket.refused(now, reset, max(wait, time.Second))
	case told:
		w.bucket.told(remaining, reset, now.Add(untilReset(resp.Header, reset, now)), w.probe)
	case resp.StatusCode < http.StatusInternalServerError:
		w.bucket.untold()
	}
}

// untilReset measures by the vendor's own clock, so that a wrong clock here does no harm. The vendor's
// Date is cut to whole seconds, so the result may be up to a second long but never short.
func untilReset(h http.Header, reset int64, now time.Time) time.Duration {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return time.Unix(reset, 0).Sub(now)
}

func retryAfter(h http.Header) time.Duration {
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second
	}
	return blindPause
}

// dispatch lets go whoever may go now, and sees to it that it is called again when time alone opens a bucket.
func (g *Gate) dispatch() {
	now := g.clock().Now()
	for len(g.waiting) > 0 && g.admit(g.waiting[0], now) { // the usual case, without moving the rest
		g.waiting[0].release()
		g.waiting = g.waiting[1:]
	}
	if g.flight < g.most() { // somebody further back may be waiting for another bucket
		g.waiting = slices.DeleteFunc(g.waiting, func(w *waiter) bool {
			admitted := g.admit(w, now)
			if admitted {
				w.release()
			}
			return admitted
		})
	}
	for _, b := range g.buckets {
		g.arm(b, now)
	}
}

// admit tells whether the waiter is done with waiting, for better or worse.
func (g *Gate) admit(w *waiter, now time.Time) bool {
	b := w.bucket
	if g.flight >= g.most() {
		return false
	}
	switch b.verdict(now, w.priority) {
	case closed:
		if w.deadline.IsZero() || !w.deadline.Before(b.opens) {
			return false
		}
		w.err = &RateLimited{After: b.opens.Sub(now), Reset: b.opens}
		return true
	case busy:
		return false
	case unknown:
		w.probe, b.probing, b.probed = true, true, now
	}
	g.flight++
	b.flight++
	return true
}

func (g *Gate) arm(b *bucket, now time.Time) {
	at := b.wake(now)
	if b.waiting == 0 || !at.After(now) { // if it is due already, the next call to return will see to it
		at = time.Time{}
	}
	if at.Equal(b.alarm) {
		return
	}
	if b.stop != nil {
		b.stop()
		b.stop = nil
	}
	if b.alarm = at; at.IsZero() {
		return
	}
	b.stop = g.clock().AfterFunc(at.Sub(now), func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		b.alarm = time.Time{}
		g.dispatch()
	})
}

func (g *Gate) clock() Clock {
	if g.Clock == nil {
		return systemClock{}
	}
	return g.Clock
}

func (g *Gate) most() int {
	if g.InFlight <= 0 {
		return standardInFlight
	}
	return g.InFlight
}
