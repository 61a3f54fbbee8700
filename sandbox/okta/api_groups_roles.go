package okta

// listGroupRoles shows which roles of an administrator a group carries.
func (s *Server) listGroupRoles(c *call) reply {
	g := c.org.GroupByID[c.PathValue("id")]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	out := []any{}
	for _, r := range g.Roles {
		out = append(out, map[string]any{
			"id": r.ID, "label": r.Label(), "type": r.Type, "status": "ACTIVE", "assignmentType": "GROUP",
			"created": stamp(r.Since), "lastUpdated": stamp(r.Since),
			"_links": map[string]any{"assignee": link(c.base + "/api/v1/groups/" + g.ID)},
		})
	}
	return ok(out)
}
