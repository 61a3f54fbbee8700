package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) authTest(*call) (kit.Object, error) {
	out := kit.Object{
		"url": "https://" + s.cfg.TeamDomain + ".slack.com/", "team": s.cfg.TeamDomain, "team_id": s.cfg.TeamID,
		"user": s.state.UserByID(s.cfg.BotUserID).Name, "user_id": s.cfg.BotUserID, "bot_id": s.cfg.BotID,
		"is_enterprise_install": false,
	}
	if s.state.Enterprise != "" {
		out["enterprise_id"] = s.state.Enterprise
	}
	return out, nil
}
