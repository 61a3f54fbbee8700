package okta

import "latchkey/sandbox/okta/world"

// tokenRoles are the administrator roles of the API token's owner, unless said otherwise: those that are enough.
func tokenRoles() []string { return []string{"GROUP_MEMBERSHIP_ADMIN", "READ_ONLY_ADMIN"} }

// SetTokenRoles makes the owner of the API token another sort of administrator.
func (s *Server) SetTokenRoles(kinds ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ownerRoles = kinds
}

// tokenOwner is the account behind "me"; a service app has none.
func (s *Server) tokenOwner(c *call) reply {
	if c.by != world.TokenOwner() {
		return notFound("me", "User")
	}
	return ok(userJSON(world.User{ID: c.by.ID, Login: c.by.AlternateID, Email: c.by.AlternateID, First: "Service", Last: "account", Status: world.Active}, c.base))
}

// listUserRoles shows which administrator roles somebody has, those that come by a group left out.
func (s *Server) listUserRoles(c *call) reply {
	id, out := c.PathValue("id"), []any{}
	if id != world.TokenOwner().ID {
		if c.org.UserByID[id] == nil {
			return notFound(id, "User")
		}
		return ok(out)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, kind := range s.ownerRoles {
		out = append(out, map[string]any{"id": "ra1" + kind, "type": kind, "status": "ACTIVE", "assignmentType": "USER"})
	}
	return ok(out)
}
