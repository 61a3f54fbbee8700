package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) conversationsMembers(c *call) (kit.Object, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if err := s.need(ch.Family() + ":read"); err != nil {
		return nil, err
	}
	rows, next, err := page(c, ch.Members, 100, 999)
	if err != nil {
		return nil, err
	}
	return kit.Object{"members": append([]string{}, rows...), "response_metadata": kit.Object{"next_cursor": next}}, nil
}
