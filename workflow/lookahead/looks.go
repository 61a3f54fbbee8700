package lookahead

import (
	"context"
	"sync"
	"time"

	"latchkey/catalog"
)

// freshFor is how old a look may be that was begun when somebody was about to say yes, for the
// addition that follows to go by it.
const freshFor = 5 * time.Second

// looks are looks that were begun before an addition was asked for: while it is found out
// whether a yes counts. What they found out is used once.
type looks struct {
	now func() time.Time

	mu    sync.Mutex
	begun map[key]*look
}

// key is what is looked at for a request: whether its issue is there, or, with a group,
// whether its person is in that one.
type key struct {
	request string
	group   catalog.GroupRef
}

// look is one look.
type look struct {
	at      time.Time
	account string // in the group's directory
	groupID string
	done    chan struct{}
	yes     bool // once done: it is there, or a member
	err     error
}

// begin notes that a look begins. What nobody has asked for in time is let go.
func (s *looks) begin(k key, l *look) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.at, l.done = s.now(), make(chan struct{})
	for other, old := range s.begun {
		if l.at.Sub(old.at).Abs() > freshFor {
			delete(s.begun, other)
		}
	}
	s.begun[k] = l
}

// take waits for a look, if there is one that may be gone by.
func (s *looks) take(ctx context.Context, k key) (*look, bool) {
	s.mu.Lock()
	l, known := s.begun[k]
	delete(s.begun, k)
	s.mu.Unlock()
	if !known || s.now().Sub(l.at).Abs() > freshFor {
		return nil, false
	}
	select {
	case <-l.done:
		return l, l.err == nil
	case <-ctx.Done():
		return nil, false
	}
}
