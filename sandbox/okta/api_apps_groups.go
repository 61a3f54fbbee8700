package okta

import (
	"net/http"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listAppGroups(c *call) reply {
	a := c.org.AppByID[c.PathValue("id")]
	if a == nil {
		return notFound(c.PathValue("id"), "AppInstance")
	}
	page, links := pageOf(c, a.Assigned, func(g *world.LiveGroup) int64 { return g.Seq }, 20, 200)
	out := make([]any, len(page))
	for i, g := range page {
		self := c.base + "/api/v1/apps/" + a.ID
		out[i] = map[string]any{
			"id": g.ID, "priority": i, "lastUpdated": stamp(a.Created), "profile": assignedProfile(a.Role(g)),
			"_links": map[string]any{"app": link(self), "self": link(self + "/groups/" + g.ID), "group": link(c.base + "/api/v1/groups/" + g.ID)},
		}
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

// assignedProfile are an assignment's attributes of the application: whichever that has.
func assignedProfile(role string) map[string]any {
	if role == "" {
		return map[string]any{}
	}
	return map[string]any{"role": role}
}
