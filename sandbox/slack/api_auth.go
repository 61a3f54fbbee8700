package slack

import (
	"net/url"
	"strings"
)

func authMethods() map[string]method {
	return map[string]method{
		"api.test":              {run: (*Server).apiTest, open: true},
		"auth.test":             {run: (*Server).authTest},
		"team.info":             {run: (*Server).teamInfo, scopes: []string{"team:read"}, tier: 50, form: true},
		"apps.connections.open": {run: (*Server).connectionsOpen, tier: 50, app: true},
	}
}

func (s *Server) apiTest(c *call) (object, error) {
	if c.has("error") {
		return nil, fail(c.str("error"))
	}
	return object{"args": object(c.args)}, nil
}

func (s *Server) authTest(*call) (object, error) {
	return object{
		"url": "https://" + s.cfg.TeamDomain + ".slack.com/", "team": s.cfg.TeamDomain, "team_id": s.cfg.TeamID,
		"user": s.world.user(s.cfg.BotUserID).Name, "user_id": s.cfg.BotUserID, "bot_id": s.cfg.BotID,
		"is_enterprise_install": false,
	}, nil
}

func (s *Server) teamInfo(*call) (object, error) {
	return object{"team": object{
		"id": s.cfg.TeamID, "name": s.cfg.TeamDomain, "domain": s.cfg.TeamDomain, "email_domain": "",
		"icon": object{"image_default": true}, "url": "https://" + s.cfg.TeamDomain + ".slack.com/",
	}}, nil
}

// connectionsOpen hands out a link that works once.
func (s *Server) connectionsOpen(c *call) (object, error) {
	ticket := uuid()
	s.tickets[ticket] = true
	q := url.Values{"ticket": {ticket}, "app_id": {s.cfg.AppID}}
	return object{"url": "ws" + strings.TrimPrefix(c.base, "http") + "/link/?" + q.Encode()}, nil
}
