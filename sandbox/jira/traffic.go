package jira

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// callHistory is how many calls are remembered.
const callHistory = 1000

// Call is one HTTP call the site received. Status 0 means the connection was
// cut.
type Call struct {
	At                            time.Time
	Method, Path, Query, Template string
	Status                        int
	// Account is the caller's account id, empty when anonymous.
	Account string
	// Fault describes the injected fault, if any.
	Fault string
}

// traffic is what a test may ask about the client's conduct.
type traffic struct {
	mu         sync.Mutex
	calls      []Call
	stats      map[string]int
	violations []string
}

func newTraffic() *traffic { return &traffic{stats: map[string]int{}} }

func (t *traffic) add(c Call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats[c.Method+" "+c.Template]++
	t.calls = append(t.calls, c)
	if len(t.calls) > 2*callHistory {
		t.calls = slices.Clone(t.calls[len(t.calls)-callHistory:])
	}
}

func (t *traffic) violate(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.violations = append(t.violations, fmt.Sprintf(format, args...))
}

// Stats counts calls by "METHOD /path/{template}".
func (s *Server) Stats() map[string]int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return maps.Clone(s.log.stats)
}

// Violations lists what no correct client does: unknown routes, missing opt-in
// headers, bodies that cannot be read, removed calls, exceeded limits.
func (s *Server) Violations() []string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.violations)
}

// Calls lists the most recent calls, oldest first.
func (s *Server) Calls() []Call {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.calls[max(0, len(s.log.calls)-callHistory):])
}
