package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) postMessage(c *call) (kit.Object, error) {
	ch, draft, err := s.draft(c, true)
	if err != nil {
		return nil, err
	}
	m := s.state.Post(draft)
	s.echo(ch, m, "")
	return kit.Object{"channel": ch.ID, "ts": m.TS, "message": s.messageWire(m, true)}, nil
}
