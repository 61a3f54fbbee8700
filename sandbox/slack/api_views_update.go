package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

func (s *Server) viewsUpdate(c *call) (kit.Object, error) {
	var v *world.View
	switch {
	case c.str("view_id") != "":
		v = s.state.ViewByID(c.str("view_id"))
	case c.str("external_id") != "":
		v = s.state.ViewByExternalID(c.str("external_id"))
	default:
		return nil, missing("view_id")
	}
	if v == nil {
		return nil, fail("not_found")
	}
	spec, err := s.spec(c, v.Type, v)
	if err != nil {
		return nil, err
	}
	if c.has("hash") && c.str("hash") != v.Hash {
		return nil, fail("hash_conflict")
	}
	s.state.UpdateView(v, spec)
	return s.viewAnswer(v), nil
}
