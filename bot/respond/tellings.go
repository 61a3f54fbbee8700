package respond

import (
	"sync"
	"time"
)

const (
	// tellingsFor is the time in which one person is told tellingsMost sentences at most: the places to tell
	// them are everybody's, and Slack counts.
	tellingsFor  = time.Minute
	tellingsMost = 8
	// tellingsKept is for how many people that is remembered.
	tellingsKept = 10_000
)

// tellings counts what people were told lately.
type tellings struct {
	now func() time.Time

	mu  sync.Mutex
	who map[string]telling
}

type telling struct {
	times int
	since time.Time
}

// again counts one more, and reports whether it is to be said.
func (t *tellings) again(user string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.who == nil || len(t.who) >= tellingsKept {
		t.who = map[string]telling{}
	}
	now, one := t.now(), t.who[user]
	if now.Sub(one.since).Abs() >= tellingsFor {
		one = telling{since: now}
	}
	one.times++
	t.who[user] = one
	return one.times <= tellingsMost
}
