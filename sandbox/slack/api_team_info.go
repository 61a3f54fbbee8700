package slack

import "latchkey/sandbox/slack/kit"

func (s *Server) teamInfo(*call) (kit.Object, error) {
	return kit.Object{"team": kit.Object{
		"id": s.cfg.TeamID, "name": s.cfg.TeamDomain, "domain": s.cfg.TeamDomain, "email_domain": "",
		"icon": kit.Object{"image_default": true}, "url": "https://" + s.cfg.TeamDomain + ".slack.com/",
	}}, nil
}
