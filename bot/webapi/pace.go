package webapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/limit"
)

const (
	// backgroundWait is how long work in the background waits in line before it is sent
	// away with a time to come back at: it holds a worker meanwhile.
	backgroundWait = time.Second
	// interactiveWait is how long a call waits that a person waits for, if its context
	// doesn't say.
	interactiveWait = time.Minute
	// defaultRest is how long a method rests after a 429 that names no time.
	defaultRest = 30 * time.Second
)

// PaceConfig is what a pace needs. Next is required.
type PaceConfig struct {
	Next         http.RoundTripper
	Clock        clock.Clock // default: the system's
	Among        func() int  // how many replicas share the limits; nil: there is no other
	ChannelBurst int         // messages one channel may get at once, then one a second; default 1
	PostsMinute  int         // messages a minute over all channels; default 240, of the "several hundred" that Slack allows a workspace
}

// Pace keeps calls of the Web API within Slack's limits: so many calls of a
// method a minute, one message a second in a channel, and silence for a method
// as long as a 429 asks for it. See docs.slack.dev/apis/web-api/rate-limits.
//
// Calls a person waits for (see Interactive) go first and wait for as long as
// their context allows. All others wait a moment at most; then they fail as
// access.Limited with the time to come back at, so that no worker stands idle.
type Pace struct {
	limiter *limit.Limiter
}

// NewPace makes a transport for the Slack client.
func NewPace(cfg PaceConfig) *Pace {
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	return &Pace{limit.New(limit.Config{
		Policy: slackLimits{channelBurst: positive(cfg.ChannelBurst, 1), postsMinute: positive(cfg.PostsMinute, 240)},
		Next:   cfg.Next, Clock: cfg.Clock, Among: cfg.Among, Priority: priority, MaxWait: waitInLine,
	})}
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// RoundTrip sends the request when its turn has come.
func (p *Pace) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := p.limiter.RoundTrip(req)
	if full := (*limit.Exceeded)(nil); errors.As(err, &full) {
		return nil, &access.Failure{Class: access.Limited, After: full.After, Sentence: "Slack takes only so many calls at a time"}
	}
	return resp, err
}

type interactiveKey struct{}

// Interactive marks calls that a person waits for at this moment.
func Interactive(ctx context.Context) context.Context {
	return context.WithValue(ctx, interactiveKey{}, true)
}

type noWaitKey struct{}

// WithoutWaiting marks calls that are made at once or not at all, because there is another
// way.
func WithoutWaiting(ctx context.Context) context.Context {
	return context.WithValue(ctx, noWaitKey{}, true)
}

func isInteractive(ctx context.Context) bool { return ctx.Value(interactiveKey{}) != nil }

func priority(ctx context.Context) limit.Priority {
	if isInteractive(ctx) {
		return limit.Urgent
	}
	return limit.Background
}

func waitInLine(ctx context.Context) time.Duration {
	if ctx.Value(noWaitKey{}) != nil {
		return time.Nanosecond
	}
	if isInteractive(ctx) {
		return interactiveWait
	}
	return backgroundWait
}

// slackLimits is the limiter's policy for Slack.
type slackLimits struct {
	channelBurst, postsMinute int
}

// Quotas implements limit.Policy.
func (l slackLimits) Quotas(req *http.Request) []limit.Quota {
	method := path.Base(req.URL.Path)
	if method != "chat.postMessage" && method != "chat.postEphemeral" {
		return []limit.Quota{quota(method, perMinute(method), time.Minute)}
	}
	return []limit.Quota{
		quota(method, l.postsMinute, time.Minute),
		quota(method+" in "+channelOf(req), l.channelBurst, time.Duration(l.channelBurst)*time.Second),
	}
}

// quota allows for clocks that tick a little differently.
func quota(name string, most int, per time.Duration) limit.Quota {
	return limit.Quota{Name: name, Most: most, Per: per + min(per/50, time.Second/2)}
}

// Learn implements limit.Policy: after a 429 the method is silent for as long as
// Slack asks.
func (l slackLimits) Learn(req *http.Request, resp *http.Response, now time.Time) *limit.Feedback {
	if resp.StatusCode != http.StatusTooManyRequests {
		return nil
	}
	wait, told := limit.RetryAfter(resp.Header, now)
	if !told {
		wait = defaultRest
	}
	return &limit.Feedback{Quota: path.Base(req.URL.Path), Refused: true, Rest: wait}
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
