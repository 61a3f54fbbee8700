package respond

import (
	"sync"
	"time"
)

const (
	// tellWindow is the time in which one person is told tellMost sentences at most: the places to tell
	// them are everybody's, and Slack counts.
	tellWindow = time.Minute
	tellMost   = 8
	// tellKept is for how many people that is remembered.
	tellKept = 10_000
)

// tellLimit counts what people were told lately.
type tellLimit struct {
	now func() time.Time

	mu  sync.Mutex
	who map[string]told
}

type told struct {
	times int
	since time.Time
}

// again counts one more, and reports whether it is to be said.
func (t *tellLimit) again(user string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.who == nil || len(t.who) >= tellKept {
		t.who = map[string]told{}
	}
	now, one := t.now(), t.who[user]
	if now.Sub(one.since).Abs() >= tellWindow {
		one = told{since: now}
	}
	one.times++
	t.who[user] = one
	return one.times <= tellMost
}
