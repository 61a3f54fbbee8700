package people

import (
	"context"
	"errors"
	"sync"

	"latchkey/access"
)

// shared look-ups spare Slack and the directories what somebody else is asking them
// already.
type shared struct {
	mu    sync.Mutex
	under map[string]*lookUp // by account
}

// lookUp is one that is under way.
type lookUp struct {
	look
	done   chan struct{}
	person access.Person
	err    error
}

// errBrokeOff is what a look-up comes to that ends without an answer.
var errBrokeOff = errors.New("the look-up broke off; it will be made again")

func newShared() *shared { return &shared{under: map[string]*lookUp{}} }

// do looks somebody up by their account, or waits for whoever does already. One
// that was begun before somebody was forgotten may tell how they were, and is not
// waited for; one that failed is made once more, for the one who waits has another
// time limit.
func (s *shared) do(ctx context.Context, account string, l look, ask func() (access.Person, error)) (access.Person, error) {
	mine, other := s.begin(account, l)
	if other == nil {
		defer s.end(account, mine)
		mine.person, mine.err = ask()
		return mine.person, mine.err
	}
	select {
	case <-other.done:
		if other.err == nil {
			return other.person, nil
		}
		return ask()
	case <-ctx.Done():
		return access.Person{}, ctx.Err()
	}
}

// begin gives the look-up to wait for, or the one that is to be made.
func (s *shared) begin(account string, l look) (mine, other *lookUp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other = s.under[account]; other != nil && other.forgets >= l.forgets && other.number > l.since {
		return nil, other
	}
	mine = &lookUp{look: l, done: make(chan struct{}), err: errBrokeOff}
	s.under[account] = mine
	return mine, nil
}

func (s *shared) end(account string, mine *lookUp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.under[account] == mine {
		delete(s.under, account)
	}
	close(mine.done)
}
