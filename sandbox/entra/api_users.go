package entra

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/entra/world"
)

func (s *Server) listUsers(c *call) reply {
	if c.URL.Query().Has("$orderby") {
		return s.refuse(c.Request, "sorting of users")
	}
	if refused := s.userSelection(c); refused != nil {
		return *refused
	}
	boss, understood := expandedManager(c.URL.Query().Get("$expand"))
	if !understood {
		return s.refuse(c.Request, "an expansion of users other than manager($levels=1;$select=…)")
	}
	match, refused := s.matching(c, world.UserProperties())
	if refused != nil {
		return *refused
	}
	hits := slices.DeleteFunc(c.state.UsersAt(c.at), func(u *world.LiveUser) bool { return !match(u.Attribute) })
	page, next := pageOf(c, hits, func(u *world.LiveUser) int64 { return u.Seq })
	items := make([]any, len(page))
	for i, u := range page {
		shown := shownUser(c, u)
		if is := managerOf(c, u); is != nil && len(boss) > 0 {
			shown["manager"] = projected(is, append(boss, "@odata.type"), nil)
		}
		items[i] = shown
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

// expandedManager are the properties that an expansion asks for of managers; none where there is no expansion. With properties of its
// own it needs a number of levels.
func expandedManager(expand string) (properties []string, understood bool) {
	if expand == "" {
		return nil, true
	}
	inner, is := strings.CutPrefix(expand, "manager($levels=1;$select=")
	inner, ends := strings.CutSuffix(inner, ")")
	properties = strings.Split(inner, ",")
	known := userJSON(&world.LiveUser{})
	return properties, is && ends && !slices.ContainsFunc(properties, func(p string) bool { _, there := known[p]; return !there })
}

// managerOf is whom a user has as the manager: a user, or a contact of another organisation; nil for nobody.
func managerOf(c *call, u *world.LiveUser) map[string]any {
	boss := c.state.UserAt(u.ManagerID, c.at)
	switch {
	case u.ManagerID == "" || boss != nil && boss.ID != u.ManagerID:
		return nil
	case boss == nil:
		return map[string]any{"@odata.type": "#microsoft.graph.orgContact", "id": u.ManagerID, "displayName": u.ManagerID, "mail": nil}
	}
	shown := userJSON(boss)
	shown["@odata.type"] = "#microsoft.graph.user"
	return shown
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
