package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) postEphemeral(c *call) (kit.Object, error) {
	if !c.has("user") {
		return nil, missing("user")
	}
	ch, draft, err := s.draft(c, false)
	if err != nil {
		return nil, err
	}
	u := s.state.UserByID(c.str("user"))
	if u == nil || u.Deleted || !ch.Has(u.ID) {
		return nil, fail("user_not_in_channel")
	}
	draft.Ephemeral, draft.Viewer, draft.Metadata = true, u.ID, nil
	m := s.state.Post(draft)
	return kit.Object{"message_ts": m.TS}, nil
}
