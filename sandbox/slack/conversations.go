package slack

import "latchkey/sandbox/slack/world"

func (s *Server) canDM(userID string) error {
	switch u := s.state.UserByID(userID); {
	case u == nil:
		return fail("user_not_found")
	case u.Deleted:
		return fail(s.cfg.DisabledUserError)
	case u.IsBot:
		return fail("cannot_dm_bot")
	}
	return nil
}

// lookup resolves the channel argument for reading; what the app may not see
// does not exist.
func (s *Server) lookup(c *call) (*world.Channel, error) {
	if !c.has("channel") {
		return nil, missing("channel")
	}
	ch := s.state.ChannelByID(c.str("channel"))
	if !s.state.VisibleToApp(ch) {
		return nil, fail("channel_not_found")
	}
	return ch, nil
}
