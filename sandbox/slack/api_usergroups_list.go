package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) groupsList(c *call) (kit.Object, error) {
	if s.cfg.NoUserGroups {
		return nil, fail("plan_upgrade_required")
	}
	out := []kit.Object{}
	for _, g := range s.state.Groups {
		if g.Disabled && !c.flag("include_disabled") {
			continue
		}
		o := kit.Object{
			"id": g.ID, "team_id": s.cfg.TeamID, "is_usergroup": true, "is_subteam": true, "name": g.Name,
			"description": "", "handle": g.Handle, "is_external": false, "date_create": 1700000000,
			"date_update": 1700000000, "date_delete": 0, "user_count": len(g.Users),
			"prefs": kit.Object{"channels": []any{}, "groups": []any{}},
		}
		if g.Disabled {
			o["date_delete"] = 1700000001
		}
		if c.flag("include_users") {
			o["users"] = append([]string{}, g.Users...)
		}
		out = append(out, o)
	}
	return kit.Object{"usergroups": out}, nil
}
