package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) conversationsInfo(c *call) (kit.Object, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if err := s.need(ch.Family() + ":read"); err != nil {
		return nil, err
	}
	wire := s.channelWire(ch)
	if !c.flag("include_num_members") {
		delete(wire, "num_members")
	}
	return kit.Object{"channel": wire}, nil
}
