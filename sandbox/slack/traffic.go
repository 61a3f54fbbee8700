package slack

import (
	"fmt"
	"time"
)

// maxCalls is how many calls the log keeps.
const maxCalls = 4000

// Call is one entry of the call log. It never holds tokens or content.
type Call struct {
	At      time.Time     `json:"at"`
	Method  string        `json:"method"`
	Channel string        `json:"channel,omitempty"`
	Status  int           `json:"status"` // 0 = the connection was cut
	Error   string        `json:"error,omitempty"`
	Took    time.Duration `json:"took"`
}

func (s *Server) violate(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.log.Violate(text)
	s.cfg.Logf("slack emulator: %s", text)
	s.state.Note("violation.found", text)
}
