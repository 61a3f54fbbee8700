package slack

import (
	"strings"

	"latchkey/sandbox/slack/kit"
)

// migrationExchange maps the ids that members had before the workspace joined an
// organisation to those they have since (docs.slack.dev/reference/methods/migration.exchange).
func (s *Server) migrationExchange(c *call) (kit.Object, error) {
	if s.state.Enterprise == "" {
		return nil, fail("not_enterprise_team")
	}
	if !c.has("users") {
		return nil, missing("users")
	}
	asked, found, invalid := strings.Split(c.str("users"), ","), kit.Object{}, []string{}
	if len(asked) > 400 {
		return nil, fail("too_many_users")
	}
	old := c.flag("to_old")
	for _, id := range asked {
		if other, ok := s.state.Exchanged(id, old); ok {
			found[id] = other
			continue
		}
		invalid = append(invalid, id)
	}
	return kit.Object{"team_id": s.cfg.TeamID, "enterprise_id": s.state.Enterprise, "to_old": old, "user_id_map": found, "invalid_user_ids": invalid}, nil
}
