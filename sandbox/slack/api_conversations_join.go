package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) conversationsJoin(c *call) (kit.Object, error) {
	ch, err := s.lookup(c)
	switch {
	case err != nil:
		return nil, err
	case ch.Private:
		return nil, fail("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, fail("is_archived")
	case ch.Has(s.cfg.BotUserID):
		c.warnings = append(c.warnings, "already_in_channel")
	}
	s.state.Join(ch, s.cfg.BotUserID)
	return kit.Object{"channel": s.channelWire(ch)}, nil
}
