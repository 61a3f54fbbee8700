package slack

import (
	"strings"

	"latchkey/sandbox/slack/kit"
)

// usersLookup does not find deactivated people, bots or strangers.
func (s *Server) usersLookup(c *call) (kit.Object, error) {
	email := c.str("email")
	if email == "" {
		return nil, missing("email")
	}
	email = s.understood(email)
	for _, u := range s.state.Users {
		if strings.EqualFold(u.Email, email) && !u.Deleted && !u.IsBot && !u.IsStranger {
			return kit.Object{"user": s.userWire(*u)}, nil
		}
	}
	return nil, fail("users_not_found")
}
