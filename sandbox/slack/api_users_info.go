package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) usersInfo(c *call) (kit.Object, error) {
	u := s.state.UserByID(s.understood(c.str("user")))
	if u == nil {
		return nil, fail("user_not_found")
	}
	return kit.Object{"user": s.userWire(*u)}, nil
}
