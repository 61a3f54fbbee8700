package engine

import (
	"math"
	"sync"
	"time"

	"latchkey/store"
)

// Within what a task is (a removal, an addition, a record, a notice), whoever
// asked for little lately goes before whoever asked for much: one person's four
// thousand tasks stand in the higher bands, and another's single one passes them
// all. Nothing ever waits for its band: while there is a free worker the next
// task is taken, so a crowd alone in the queue is as fast as without bands.
const (
	bands = store.Additions - store.Removals // the steps between two classes of priority
	// narrowest is how many tasks stand in the first band; each further band
	// holds four times as many as all before it.
	narrowest = 4
	// forgetting is how long it takes until half of what somebody asked for is forgotten.
	forgetting = 5 * time.Minute
)

// shares remembers how much each person asked of each queue lately. It lives in
// memory: what it decided stands in the tasks' priorities.
type shares struct {
	mu   sync.Mutex
	used map[shareKey]share
	last time.Time // when small shares were last dropped
}

type shareKey struct{ queue, owner string }

type share struct {
	amount float64
	at     time.Time
}

func newShares() *shares { return &shares{used: map[shareKey]share{}} }

// of is what was asked for lately.
func (s *shares) of(k shareKey, at time.Time) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used[k].left(at)
}

// add counts tasks that were queued.
func (s *shares) add(counts map[shareKey]int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, n := range counts {
		s.used[k] = share{s.used[k].left(at) + float64(n), at}
	}
	if len(s.used) > 10_000 && at.Sub(s.last).Abs() >= time.Minute {
		s.forget(at)
	}
}

// forget drops those who asked for next to nothing. It looks at everybody, so it
// is not done at every click.
func (s *shares) forget(at time.Time) {
	s.last = at
	for k, u := range s.used {
		if u.left(at) < 1 {
			delete(s.used, k)
		}
	}
}

func (u share) left(at time.Time) float64 {
	return u.amount * math.Exp2(-max(0, at.Sub(u.at)).Seconds()/forgetting.Seconds())
}

// band is where a task stands that so many others of the same person precede.
func band(ahead float64) store.Priority {
	b, most := store.Priority(0), float64(narrowest)
	for ahead >= most && b < bands-1 {
		b, most = b+1, most*4
	}
	return b
}
