package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// pinsAdd pins a message to its channel. See docs.slack.dev/reference/methods/pins.add.
func (s *Server) pinsAdd(c *call) (kit.Object, error) {
	m, err := s.pinnable(c)
	switch {
	case err != nil:
		return nil, err
	case m.Pinned:
		return nil, fail("already_pinned")
	}
	s.state.Pin(m, true)
	return kit.Object{}, nil
}

// pinsRemove takes a pin off. See docs.slack.dev/reference/methods/pins.remove.
func (s *Server) pinsRemove(c *call) (kit.Object, error) {
	m, err := s.pinnable(c)
	switch {
	case err != nil:
		return nil, err
	case !m.Pinned:
		return nil, fail("no_pin")
	}
	s.state.Pin(m, false)
	return kit.Object{}, nil
}

// pinnable is the message that a call names: anybody's, in a channel that the app is in.
func (s *Server) pinnable(c *call) (*world.Message, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if !c.has("timestamp") {
		return nil, fail("no_item_specified")
	}
	m := s.state.MessageAt(ch.ID, c.str("timestamp"))
	switch {
	case m == nil || m.Ephemeral:
		return nil, fail("message_not_found")
	case ch.Archived:
		return nil, fail("is_archived")
	case !ch.Has(s.cfg.BotUserID):
		return nil, fail("not_in_channel")
	}
	return m, nil
}
