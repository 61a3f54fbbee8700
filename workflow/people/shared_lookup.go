package people

import (
	"context"
	"errors"
	"sync"
)

// shared look-ups spare Slack and the directories what somebody else is asking them
// already.
type shared[T any] struct {
	mu    sync.Mutex
	under map[string]*lookUp[T] // by account
}

// lookUp is one that is under way.
type lookUp[T any] struct {
	look
	done  chan struct{}
	found T
	err   error
}

// errBrokeOff is what a look-up comes to that ends without an answer.
var errBrokeOff = errors.New("the look-up broke off; it will be made again")

func newShared[T any]() *shared[T] { return &shared[T]{under: map[string]*lookUp[T]{}} }

// do looks somebody up by their account, or waits for whoever does already. One
// that was begun before somebody was forgotten may tell how they were, and is not
// waited for; one that failed is made once more, for the one who waits has another
// time limit.
func (s *shared[T]) do(ctx context.Context, account string, l look, ask func() (T, error)) (T, error) {
	mine, other := s.begin(account, l)
	if other == nil {
		defer s.end(account, mine)
		mine.found, mine.err = ask()
		return mine.found, mine.err
	}
	select {
	case <-other.done:
		if other.err == nil {
			return other.found, nil
		}
		return ask()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// begin gives the look-up to wait for, or the one that is to be made.
func (s *shared[T]) begin(account string, l look) (mine, other *lookUp[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other = s.under[account]; other != nil && other.forgets >= l.forgets && other.number > l.since {
		return nil, other
	}
	mine = &lookUp[T]{look: l, done: make(chan struct{}), err: errBrokeOff}
	s.under[account] = mine
	return mine, nil
}

func (s *shared[T]) end(account string, mine *lookUp[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.under[account] == mine {
		delete(s.under, account)
	}
	close(mine.done)
}
