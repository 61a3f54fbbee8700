package engine

import (
	"sync"
	"time"

	"latchkey/access"
)

const (
	// Who is refused the same so often within insistFor gets the same answer again, and nothing is looked up for it.
	insists   = 5
	insistFor = time.Minute
	// manyInsist is how many are remembered before those from before are forgotten.
	manyInsist = 10_000
)

// insistence remembers, for a moment, who was refused what, so that somebody who
// leans on a button doesn't use up what Slack and the directories give everybody.
type insistence struct {
	mu   sync.Mutex
	seen map[insistKey]insisting
}

type insistKey struct {
	by            access.Actor
	request, what string
}

type insisting struct {
	times   int
	since   time.Time
	refusal *access.Refusal // the latest
}

// answer is the last refusal of whoever was refused the same several times in the
// last minute; nil otherwise.
func (i *insistence) answer(k insistKey, now time.Time) *access.Refusal {
	i.mu.Lock()
	defer i.mu.Unlock()
	seen, known := i.seen[k]
	switch {
	case !known:
		return nil
	case now.Sub(seen.since).Abs() >= insistFor:
		delete(i.seen, k)
		return nil
	case seen.times < insists:
		return nil
	}
	return seen.refusal
}

// note remembers that somebody was refused.
func (i *insistence) note(k insistKey, r *access.Refusal, now time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.seen == nil || len(i.seen) >= manyInsist {
		i.seen = map[insistKey]insisting{}
	}
	seen, known := i.seen[k]
	if !known {
		seen.since = now
	}
	seen.times, seen.refusal = seen.times+1, r
	i.seen[k] = seen
}
