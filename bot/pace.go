package bot

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
)

const (
	// lull is how long work in the background waits in line before it is sent
	// away with a time to come back at: it holds a worker meanwhile.
	lull = time.Second
	// silence is how long a method rests after a 429 that names no time.
	silence = 30 * time.Second
)

// PaceConfig is what a pace needs. Next is required.
type PaceConfig struct {
	Next         http.RoundTripper
	Clock        clock.Clock // default: the system's
	ChannelBurst int         // messages one channel may get at once, then one a second; default 1
	PostsMinute  int         // messages a minute over all channels; default 240
}

// Pace keeps calls of the Web API within Slack's limits: so many calls of a
// method a minute, one message a second in a channel, and silence for a method
// as long as a 429 asks for it. See docs.slack.dev/apis/web-api/rate-limits.
//
// Calls a person waits for (see interactive) go first and wait for as long as
// their context allows. All others wait a moment at most; then they fail as
// access.Limited with the time to come back at, so that no worker stands idle.
type Pace struct {
	cfg PaceConfig

	mu         sync.Mutex
	allowances map[string]*allowance
}

// NewPace makes a transport for the Slack client.
func NewPace(cfg PaceConfig) *Pace {
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	cfg.ChannelBurst = positive(cfg.ChannelBurst, 1)
	cfg.PostsMinute = positive(cfg.PostsMinute, 240)
	return &Pace{cfg: cfg, allowances: map[string]*allowance{}}
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

type interactiveKey struct{}

// interactive marks calls that a person waits for at this moment.
func interactive(ctx context.Context) context.Context {
	return context.WithValue(ctx, interactiveKey{}, true)
}

func isInteractive(ctx context.Context) bool { return ctx.Value(interactiveKey{}) != nil }

// RoundTrip sends the request when its turn has come.
func (p *Pace) RoundTrip(req *http.Request) (*http.Response, error) {
	method := path.Base(req.URL.Path)
	if err := p.wait(req.Context(), p.limitsOf(method, req)); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper must close it; there is nothing to learn from the result
		}
		return nil, err
	}
	resp, err := p.cfg.Next.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		p.hush(method, resp.Header)
	}
	return resp, err
}

// limitsOf are the allowances a call counts against.
func (p *Pace) limitsOf(method string, req *http.Request) []*allowance {
	p.mu.Lock()
	defer p.mu.Unlock()
	if method != "chat.postMessage" && method != "chat.postEphemeral" {
		return []*allowance{p.allowance(method, perMinute(method), time.Minute)}
	}
	in := method + " in " + channelOf(req)
	return []*allowance{
		p.allowance(method, p.cfg.PostsMinute, time.Minute),
		p.allowance(in, p.cfg.ChannelBurst, time.Duration(p.cfg.ChannelBurst)*time.Second),
	}
}

func (p *Pace) allowance(name string, most int, per time.Duration) *allowance {
	a := p.allowances[name]
	if a == nil {
		p.forget()
		a = &allowance{most: most, per: per + min(per/50, time.Second/2), method: !strings.Contains(name, " ")}
		p.allowances[name] = a
	}
	return a
}

// forget drops channels that nothing was sent to lately.
func (p *Pace) forget() {
	if len(p.allowances) < 4096 {
		return
	}
	now := p.cfg.Clock.Now()
	for name, a := range p.allowances {
		if !a.method && a.idle(now) {
			delete(p.allowances, name)
		}
	}
}

// perMinute is how often a method may be called: the least that its tier on
// docs.slack.dev/reference/methods promises.
func perMinute(method string) int {
	switch method {
	case "auth.test":
		return 300
	case "users.info", "conversations.members", "views.open", "views.push", "views.update", "views.publish", "files.getUploadURLExternal", "files.completeUploadExternal":
		return 100
	case "users.lookupByEmail", "conversations.open", "conversations.join", "conversations.info", "conversations.history", "conversations.replies", "chat.update", "chat.delete":
		return 50
	default:
		return 20
	}
}

// channelOf reads the channel from a form. The body can be read again after.
func channelOf(req *http.Request) string {
	if req.GetBody == nil {
		return ""
	}
	body, err := req.GetBody()
	if err != nil {
		return ""
	}
	defer body.Close()
	raw, err := io.ReadAll(body)
	if err != nil {
		return ""
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return ""
	}
	return form.Get("channel")
}

// wait returns when the call may go, or with the failure that sends it away.
func (p *Pace) wait(ctx context.Context, limits []*allowance) error {
	c := caller{urgent: isInteractive(ctx), latest: p.cfg.Clock.Now().Add(lull)}
	if c.urgent {
		c.latest = p.deadline(ctx)
		p.count(limits, +1)
		defer p.count(limits, -1)
	}
	for {
		at, err := p.ask(c, limits)
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

// caller is a call in line.
type caller struct {
	urgent bool
	latest time.Time // it won't wait beyond
}

// deadline translates the context's deadline to the pace's clock.
func (p *Pace) deadline(ctx context.Context) time.Time {
	now := p.cfg.Clock.Now()
	if end, ok := ctx.Deadline(); ok {
		return now.Add(time.Until(end))
	}
	return now.Add(time.Minute)
}

func (p *Pace) count(limits []*allowance, by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range limits {
		a.urgent += by
	}
}

// ask lets the call go (the zero time), tells when to ask again, or sends it away.
func (p *Pace) ask(c caller, limits []*allowance) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.cfg.Clock.Now()
	at, narrowest := now, limits[0]
	for _, a := range limits {
		if free := a.free(now, c.urgent); free.After(at) {
			at, narrowest = free, a
		}
	}
	switch {
	case !at.After(now):
		for _, a := range limits {
			a.past = append(a.past, now)
		}
		return time.Time{}, nil
	case at.After(c.latest):
		return time.Time{}, &access.Failure{Class: access.Limited, After: narrowest.promise(at).Sub(now), Sentence: "Slack takes only so many calls at a time"}
	}
	return at, nil
}

// hush keeps a method silent for as long as Slack asks.
func (p *Pace) hush(method string, h http.Header) {
	wait := silence
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil && seconds >= 0 {
		wait = time.Duration(seconds) * time.Second
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.allowances[method]; a != nil {
		a.told = p.cfg.Clock.Now()
		a.silent = a.told.Add(wait)
	}
}

// allowance is how many calls may be made in any stretch of time.
type allowance struct {
	most   int
	per    time.Duration
	method bool        // for a whole method, not for a channel
	past   []time.Time // of calls let through, oldest first
	urgent int         // interactive calls in line

	told, silent time.Time   // when Slack asked for silence, and until when
	promised     []time.Time // when calls that were sent away may come back
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

// free is when the next call may go. Others leave room for the urgent ones in line.
func (a *allowance) free(now time.Time, urgent bool) time.Time {
	a.settle(now)
	at, room := now, a.most
	if !urgent {
		room = max(1, a.most-a.urgent)
	}
	if len(a.past) >= room {
		at = a.past[len(a.past)-room].Add(a.per)
	}
	if !urgent && a.urgent >= a.most {
		at = now.Add(a.per)
	}
	if a.silent.After(at) {
		at = a.silent
	}
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
	over := 0
	for over < len(a.past) && !a.past[over].Add(a.per).After(now) {
		over++
	}
	a.past, over = a.past[over:], 0
	for over < len(a.promised) && !a.promised[over].After(now) {
		over++
	}
	a.promised = a.promised[over:]
}

func (a *allowance) idle(now time.Time) bool {
	a.settle(now)
	return len(a.past) == 0 && a.urgent == 0 && !a.silent.After(now)
}
