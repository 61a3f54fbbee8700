package slack

import "latchkey/sandbox/slack/kit"

// groupUsers leaves out deactivated members.
func (s *Server) groupUsers(c *call) (kit.Object, error) {
	if s.cfg.NoUserGroups {
		return nil, fail("plan_upgrade_required")
	}
	g := s.state.GroupByID(c.str("usergroup"))
	if g == nil || (g.Disabled && !c.flag("include_disabled")) {
		return nil, fail("no_such_subteam")
	}
	users := []string{}
	for _, id := range g.Users {
		if u := s.state.UserByID(id); u != nil && !u.Deleted {
			users = append(users, id)
		}
	}
	return kit.Object{"users": users}, nil
}
