package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) viewsPublish(c *call) (kit.Object, error) {
	u := s.state.UserByID(c.str("user_id"))
	switch {
	case !c.has("user_id"):
		return nil, missing("user_id")
	case u == nil || u.IsBot:
		return nil, badArguments("invalid `user_id` [json-pointer:/user_id]")
	case s.cfg.HomeTabOff:
		return nil, fail("not_enabled")
	}
	home := s.state.Homes[u.ID]
	spec, err := s.spec(c, "home", home)
	if err != nil {
		return nil, err
	}
	if c.has("hash") && (home == nil || c.str("hash") != home.Hash) {
		return nil, fail("hash_conflict")
	}
	return s.viewAnswer(s.state.PublishHome(u.ID, spec)), nil
}
