package engine

import (
	"sync"
	"time"

	"latchkey/access"
)

const (
	// Who is refused the same so often within refusalWindow gets the same answer again, and nothing is looked up for it.
	mostRefusals  = 5
	refusalWindow = time.Minute
	// mostThrottled is how many are remembered before those from before are forgotten.
	mostThrottled = 10_000
)

// throttle remembers, for a moment, who was refused what, so that somebody who
// leans on a button doesn't use up what Slack and the directories give everybody.
type throttle struct {
	mu   sync.Mutex
	seen map[refusalKey]refusals
}

type refusalKey struct {
	by            access.Actor
	request, what string
}

// refusalOf is one refusal, wherever behind a door whoever was refused leans on a button.
func refusalOf(by access.Actor, request, what string) refusalKey {
	by.On = ""
	return refusalKey{by, request, what}
}

type refusals struct {
	times   int
	since   time.Time
	refusal *access.Refusal // the latest
}

// answer is the last refusal of whoever was refused the same several times in the
// last minute; nil otherwise.
func (t *throttle) answer(k refusalKey, now time.Time) *access.Refusal {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen, known := t.seen[k]
	switch {
	case !known:
		return nil
	case now.Sub(seen.since).Abs() >= refusalWindow:
		delete(t.seen, k)
		return nil
	case seen.times < mostRefusals:
		return nil
	}
	return seen.refusal
}

// note remembers that somebody was refused.
func (t *throttle) note(k refusalKey, r *access.Refusal, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil || len(t.seen) >= mostThrottled {
		t.seen = map[refusalKey]refusals{}
	}
	seen, known := t.seen[k]
	if !known {
		seen.since = now
	}
	seen.times, seen.refusal = seen.times+1, r
	t.seen[k] = seen
}
