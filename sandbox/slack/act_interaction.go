package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// interaction is the part all interaction payloads share.
func (s *Server) interaction(kind string, u *world.User) kit.Object {
	return kit.Object{
		"type": kind, "user": s.userRef(u), "api_app_id": s.cfg.AppID, "token": "legacy-verification-token",
		"team": kit.Object{"id": s.cfg.TeamID, "domain": s.cfg.TeamDomain}, "enterprise": nil, "is_enterprise_install": false,
	}
}
