package slack

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// maxCalls is how many calls the log keeps.
const maxCalls = 2000

// Call is one entry of the call log. It never holds tokens or content.
type Call struct {
	At      time.Time     `json:"at"`
	Method  string        `json:"method"`
	Channel string        `json:"channel,omitempty"`
	Status  int           `json:"status"` // 0 = the connection was cut
	Error   string        `json:"error,omitempty"`
	Took    time.Duration `json:"took"`
}

type traffic struct {
	calls      map[string]int
	log        []Call
	violations []string
}

// Stats counts calls per Web API method and, under "envelope:<type>", what was
// delivered over Socket Mode.
func (s *Server) Stats() map[string]int {
	s.lock()
	defer s.unlock()
	return maps.Clone(s.traffic.calls)
}

// Violations lists what the app did that Slack would punish: late, doubled or
// missing acknowledgements, broken limits, ignored Retry-After, unmodelled
// methods.
func (s *Server) Violations() []string {
	s.lock()
	defer s.unlock()
	return slices.Clone(s.traffic.violations)
}

// Calls returns the most recent calls, oldest first.
func (s *Server) Calls() []Call {
	s.lock()
	defer s.unlock()
	return slices.Clone(s.traffic.log)
}

func (s *Server) violate(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.traffic.violations = append(s.traffic.violations, text)
	s.cfg.Logf("slack emulator: %s", text)
	s.state.Note("violation.found", text)
}

func (s *Server) record(c Call) {
	log := append(s.traffic.log, c)
	if len(log) > 2*maxCalls {
		log = slices.Clone(log[maxCalls:])
	}
	s.traffic.log = log
}
