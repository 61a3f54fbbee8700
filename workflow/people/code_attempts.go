package people

import (
	"sync"
	"time"
)

// How many wrong codes an account may write, and in which time.
const (
	mostTries  = 3
	triesReset = time.Hour
)

// tries counts the wrong codes of accounts.
type tries struct {
	mu     sync.Mutex
	wrongs map[string]wrongs
}

type wrongs struct {
	n     int
	since time.Time
}

func newTries() *tries { return &tries{wrongs: map[string]wrongs{}} }

// may tells whether an account may try a code.
func (t *tries) may(account string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.wrongs[account]
	return w.n < mostTries || now.Sub(w.since) >= triesReset
}

// wrong counts a wrong code.
func (t *tries) wrong(account string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for other, w := range t.wrongs {
		if now.Sub(w.since) >= triesReset {
			delete(t.wrongs, other)
		}
	}
	w, again := t.wrongs[account]
	if !again {
		w.since = now
	}
	w.n++
	t.wrongs[account] = w
}
