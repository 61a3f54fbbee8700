package slack

import (
	"math"
	"net/http"
	"time"
)

// limiter holds one bucket per limited thing, on the workspace's clock.
// See docs.slack.dev/apis/web-api/rate-limits.
type limiter struct {
	buckets map[string]*bucket
}

type bucket struct {
	tokens  float64
	at      time.Time
	blocked time.Time // Retry-After promised until then
	told    time.Time // when it was promised
}

// graceAfterRefusal is how long calls already under way may still arrive after a 429: on a
// machine with much to do, that is how long the answer may take to be read.
const graceAfterRefusal = 750 * time.Millisecond

// take takes one token of size per interval, or says how many seconds to wait.
func (l *limiter) take(key string, size float64, per time.Duration, now time.Time) (wait int, ignored bool) {
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: size, at: now}
		l.buckets[key] = b
	}
	if now.Before(b.at) { // the clock was set back; the vendor's own never is
		b.blocked = time.Time{}
	}
	b.tokens = min(size, b.tokens+size*max(0, now.Sub(b.at).Seconds())/per.Seconds())
	b.at = now
	if now.Before(b.blocked) {
		return int(math.Ceil(b.blocked.Sub(now).Seconds())), now.Sub(b.told) > graceAfterRefusal
	}
	if b.tokens >= 1 {
		b.tokens--
		return 0, false
	}
	wait = max(1, int(math.Ceil((1-b.tokens)*per.Seconds()/size)))
	b.blocked, b.told = now.Add(time.Duration(wait)*time.Second), now
	return wait, false
}

// forgotten: the app that was told to pause is gone. One that is started anew knows nothing
// of it, and hears it when it calls.
func (l *limiter) forgotten() {
	for _, b := range l.buckets {
		b.told = b.blocked
	}
}

func (s *Server) limit(c *call, m method) error {
	if s.cfg.LimitTiers && m.tier > 0 {
		if err := s.limitBy(c.method, float64(m.tier), time.Minute); err != nil {
			return err
		}
	}
	if s.cfg.LimitPosts && (c.method == "chat.postMessage" || c.method == "chat.postEphemeral") {
		return s.limitBy(c.method+" to "+c.str("channel"), 1, time.Second)
	}
	return nil
}

func (s *Server) limitBy(key string, size float64, per time.Duration) error {
	wait, ignored := s.limits.take(key, size, per, s.state.Now())
	if ignored {
		s.violate("%s called again before Retry-After had passed", key)
	}
	if wait == 0 {
		return nil
	}
	return &apiError{Code: "ratelimited", Status: http.StatusTooManyRequests, RetryAfter: wait}
}
