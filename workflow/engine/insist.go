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

// Insists gives the last refusal again to whoever was refused the same, of a
// request as it stands, several times in the last minute; otherwise nothing.
func (s *Units) Insists(request string, by access.Actor, what string) error {
	i := &s.insistence
	i.mu.Lock()
	defer i.mu.Unlock()
	k := insistKey{by, request, what}
	seen, known := i.seen[k]
	switch {
	case !known:
		return nil
	case s.Now().Sub(seen.since).Abs() >= insistFor:
		delete(i.seen, k)
		return nil
	case seen.times < insists:
		return nil
	}
	return seen.refusal
}

// Insisted notes that somebody was refused, if that is what the error says, and
// returns it as it is.
func (s *Units) Insisted(request string, by access.Actor, what string, err error) error {
	r, refused := access.AsRefusal(err)
	if !refused {
		return err
	}
	i := &s.insistence
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.seen == nil || len(i.seen) >= manyInsist {
		i.seen = map[insistKey]insisting{}
	}
	k := insistKey{by, request, what}
	seen, known := i.seen[k]
	if !known {
		seen.since = s.Now()
	}
	seen.times, seen.refusal = seen.times+1, r
	i.seen[k] = seen
	return err
}
