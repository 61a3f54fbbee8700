package slack

import (
	"slices"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// history returns top-level messages, newest first.
func (s *Server) history(c *call) (kit.Object, error) {
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	window, err := readSpan(c)
	if err != nil {
		return nil, err
	}
	var rows []*world.Message
	for _, m := range s.state.MessagesIn(ch.ID) {
		if m.ThreadTS == "" && !m.Ephemeral && window.contains(m.TS) {
			rows = append(rows, m)
		}
	}
	slices.Reverse(rows)
	return s.messagePage(c, rows, 100)
}
