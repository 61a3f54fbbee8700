package slack

import "latchkey/sandbox/slack/kit"

// usersList includes deactivated people, as Slack does.
func (s *Server) usersList(c *call) (kit.Object, error) {
	rows, next, err := page(c, s.state.Users, 1000, 1000)
	if err != nil {
		return nil, err
	}
	members := []kit.Object{}
	for _, u := range rows {
		members = append(members, s.userWire(*u))
	}
	return kit.Object{"members": members, "cache_ts": s.state.Now().Unix(),
		"response_metadata": kit.Object{"next_cursor": next}}, nil
}
