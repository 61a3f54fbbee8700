package slack

import "strings"

func userMethods() map[string]method {
	read := []string{"users:read"}
	return map[string]method{
		"users.info":          {run: (*Server).usersInfo, scopes: read, tier: 100, form: true},
		"users.list":          {run: (*Server).usersList, scopes: read, tier: 20, form: true},
		"users.lookupByEmail": {run: (*Server).usersLookup, scopes: []string{"users:read.email"}, tier: 50, form: true},
	}
}

func (s *Server) usersInfo(c *call) (object, error) {
	u := s.world.user(c.str("user"))
	if u == nil {
		return nil, fail("user_not_found")
	}
	return object{"user": s.world.userWire(*u)}, nil
}

// usersList includes deactivated people, as Slack does.
func (s *Server) usersList(c *call) (object, error) {
	rows, next, err := page(c, s.world.users, 1000, 1000)
	if err != nil {
		return nil, err
	}
	members := []object{}
	for _, u := range rows {
		members = append(members, s.world.userWire(*u))
	}
	return object{"members": members, "cache_ts": s.world.now().Unix(),
		"response_metadata": object{"next_cursor": next}}, nil
}

// usersLookup does not find deactivated people, bots or strangers.
func (s *Server) usersLookup(c *call) (object, error) {
	email := c.str("email")
	if email == "" {
		return nil, missing("email")
	}
	for _, u := range s.world.users {
		if strings.EqualFold(u.Email, email) && !u.Deleted && !u.IsBot && !u.IsStranger {
			return object{"user": s.world.userWire(*u)}, nil
		}
	}
	return nil, fail("users_not_found")
}
