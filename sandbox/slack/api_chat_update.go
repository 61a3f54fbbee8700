package slack

import "latchkey/sandbox/slack/kit"

// updateMessage keeps Slack's habit that text without blocks removes them.
func (s *Server) updateMessage(c *call) (kit.Object, error) {
	ch, m, err := s.ownMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, fail("is_inactive")
	}
	body, err := s.content(c)
	if err != nil {
		return nil, err
	}
	if body.Empty() {
		return nil, fail("no_text")
	}
	s.state.Edit(m, body)
	s.echo(ch, m, "message_changed")
	return kit.Object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.messageWire(m, true)}, nil
}
