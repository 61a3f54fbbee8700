package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// threadReplies returns a thread, parent first.
func (s *Server) threadReplies(c *call) (kit.Object, error) {
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	window, err := readSpan(c)
	if err != nil {
		return nil, err
	}
	parent := s.state.MessageAt(ch.ID, c.str("ts"))
	if parent == nil || parent.Ephemeral {
		return nil, fail("thread_not_found")
	}
	rows := []*world.Message{parent}
	for _, m := range s.state.Replies(parent) {
		if window.contains(m.TS) {
			rows = append(rows, m)
		}
	}
	return s.messagePage(c, rows, 1000)
}
