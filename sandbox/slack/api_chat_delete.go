package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) deleteMessage(c *call) (kit.Object, error) {
	ch, m, err := s.ownMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.state.Delete(m)
	s.echo(ch, m, "message_deleted")
	return kit.Object{"channel": ch.ID, "ts": m.TS}, nil
}
