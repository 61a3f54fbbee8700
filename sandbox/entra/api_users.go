package entra

import (
	"encoding/json"
	"net/http"
	"slices"

	"latchkey/sandbox/entra/world"
)

func (s *Server) listUsers(c *call) reply {
	if c.URL.Query().Has("$orderby") {
		return s.refuse(c.Request, "sorting of users")
	}
	if refused := s.userSelection(c); refused != nil {
		return *refused
	}
	match, refused := s.matching(c, world.UserProperties())
	if refused != nil {
		return *refused
	}
	hits := slices.DeleteFunc(c.state.UsersAt(c.at), func(u *world.LiveUser) bool { return !match(u.Attribute) })
	page, next := pageOf(c, hits, func(u *world.LiveUser) int64 { return u.Seq })
	items := make([]any, len(page))
	for i, u := range page {
		items[i] = shownUser(c, u)
	}
	return collection(c, "users", items, next, len(hits))
}

func (s *Server) getUser(c *call) reply {
	key := c.PathValue("id")
	u := c.state.UserAt(s.understood(key), c.at)
	if refused := s.userSelection(c); refused != nil {
		return *refused
	}
	switch {
	case u == nil:
		return notFound(key)
	case slices.Contains(c.selected, "signInActivity") && key != u.ID:
		return badRequest("Get By Key only supports UserId and the key has to be a valid Guid")
	}
	return entity(c, "users", shownUser(c, u))
}

// getManager answers with a user or, in many a tenant, with a contact of another organisation.
func (s *Server) getManager(c *call) reply {
	u := c.state.UserAt(s.understood(c.PathValue("id")), c.at)
	if u == nil {
		return notFound(c.PathValue("id"))
	}
	if refused := s.userSelection(c); refused != nil {
		return *refused
	}
	boss := c.state.UserAt(u.ManagerID, c.at)
	switch {
	case u.ManagerID == "" || boss != nil && boss.ID != u.ManagerID:
		return problem(http.StatusNotFound, "Request_ResourceNotFound", "Resource 'manager' does not exist or one of its queried reference-property objects are not present.")
	case boss == nil:
		return entity(c, "directoryObjects", map[string]any{"@odata.type": "#microsoft.graph.orgContact", "id": u.ManagerID, "displayName": u.ManagerID, "mail": nil})
	}
	shown := shownUser(c, boss)
	shown["@odata.type"] = "#microsoft.graph.user"
	return entity(c, "directoryObjects", shown)
}

func (s *Server) listDeleted(c *call) reply {
	if refused := s.selectable(c, userJSON(&world.LiveUser{})); refused != nil {
		return *refused
	}
	hits := c.state.DeletedUsers()
	page, next := pageOf(c, hits, func(u *world.LiveUser) int64 { return u.Seq })
	items := make([]any, len(page))
	for i, u := range page {
		items[i] = projected(userJSON(u), c.selected, append(standardUser(), "deletedDateTime"))
	}
	return collection(c, "directoryObjects/microsoft.graph.user", items, next, len(hits))
}

// listMemberOf mixes the groups of a user with directory roles, as Graph does.
func (s *Server) listMemberOf(c *call) reply {
	u := c.state.UserAt(s.understood(c.PathValue("id")), c.at)
	if u == nil {
		return notFound(c.PathValue("id"))
	}
	return s.groupList(c, c.state.JoinedAt(u.ID, c.at))
}

// checkMemberGroups tells which of some groups somebody is in, by way of others too.
func (s *Server) checkMemberGroups(c *call) reply {
	u := c.state.UserAt(c.PathValue("id"), c.at)
	if u == nil {
		return notFound(c.PathValue("id"))
	}
	var asked struct {
		GroupIDs []string `json:"groupIds"`
	}
	if err := json.NewDecoder(c.Body).Decode(&asked); err != nil || len(asked.GroupIDs) == 0 || len(asked.GroupIDs) > 20 {
		return badRequest("Invalid value specified for property 'groupIds' of resource 'User'.")
	}
	in := c.state.AllJoinedAt(u.ID, c.at)
	found := slices.DeleteFunc(asked.GroupIDs, func(id string) bool { return !in[id] })
	return ok(map[string]any{"@odata.context": graphHost + "/v1.0/$metadata#Collection(Edm.String)", "value": found})
}

func (s *Server) revokeSessions(c *call) reply {
	u := c.state.UserAt(c.PathValue("id"), c.at)
	if u == nil {
		return notFound(c.PathValue("id"))
	}
	c.state.EndSessions(u)
	return ok(map[string]any{"@odata.context": graphHost + "/v1.0/$metadata#Edm.Boolean", "value": true})
}
