package slack

func groupMethods() map[string]method {
	read := []string{"usergroups:read"}
	return map[string]method{
		"usergroups.list":       {run: (*Server).groupsList, scopes: read, tier: 20, form: true},
		"usergroups.users.list": {run: (*Server).groupUsers, scopes: read, tier: 20, form: true},
	}
}

func (s *Server) groupsList(c *call) (object, error) {
	out := []object{}
	for _, g := range s.world.groups {
		if g.Disabled && !c.flag("include_disabled") {
			continue
		}
		o := object{
			"id": g.ID, "team_id": s.cfg.TeamID, "is_usergroup": true, "is_subteam": true, "name": g.Name,
			"description": "", "handle": g.Handle, "is_external": false, "date_create": 1700000000,
			"date_update": 1700000000, "date_delete": 0, "user_count": len(g.Users),
			"prefs": object{"channels": []any{}, "groups": []any{}},
		}
		if g.Disabled {
			o["date_delete"] = 1700000001
		}
		if c.flag("include_users") {
			o["users"] = append([]string{}, g.Users...)
		}
		out = append(out, o)
	}
	return object{"usergroups": out}, nil
}

// groupUsers leaves out deactivated members.
func (s *Server) groupUsers(c *call) (object, error) {
	g := s.world.group(c.str("usergroup"))
	if g == nil || (g.Disabled && !c.flag("include_disabled")) {
		return nil, fail("no_such_subteam")
	}
	users := []string{}
	for _, id := range g.Users {
		if u := s.world.user(id); u != nil && !u.Deleted {
			users = append(users, id)
		}
	}
	return object{"users": users}, nil
}
