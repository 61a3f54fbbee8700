package bot

import "sync"

// remembered is how many events are kept in mind. Forgetting one costs a repeated
// answer, never a repeated decision.
const remembered = 4096

// seenEvents tells the first delivery of an event from its repetitions.
type seenEvents struct {
	mu   sync.Mutex
	seen map[string]bool
}

// first reports whether an event was not seen before, and remembers it.
func (s *seenEvents) first(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != "" && s.seen[id] {
		return false
	}
	if s.seen == nil || len(s.seen) >= remembered {
		s.seen = map[string]bool{}
	}
	s.seen[id] = true
	return true
}
