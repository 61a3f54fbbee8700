package slack

import (
	"strings"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// conversationsOpen opens the direct message with one person; group messages
// are not modelled.
func (s *Server) conversationsOpen(c *call) (kit.Object, error) {
	if id := c.str("channel"); id != "" {
		ch := s.state.ChannelByID(id)
		if ch == nil {
			return nil, fail("channel_not_found")
		}
		if !ch.IM {
			return nil, fail("method_not_supported_for_channel_type")
		}
		return s.opened(c, ch, true), nil
	}
	users := strings.FieldsFunc(c.str("users"), func(r rune) bool { return r == ',' || r == ' ' })
	switch {
	case len(users) == 0:
		return nil, fail("users_list_not_supplied")
	case len(users) > 8:
		return nil, fail("too_many_users")
	case len(users) > 1:
		return nil, s.unmodelled(c.method, "several users")
	}
	if err := s.canDM(users[0]); err != nil {
		return nil, err
	}
	id := s.state.UserByID(users[0]).ID
	already := s.state.DirectMessages[id] != nil
	return s.opened(c, s.state.DirectMessage(id), already), nil
}

func (s *Server) opened(c *call, ch *world.Channel, already bool) kit.Object {
	wire := kit.Object{"id": ch.ID}
	if c.flag("return_im") {
		wire = s.channelWire(ch)
	}
	return kit.Object{"channel": wire, "no_op": already, "already_open": already}
}
