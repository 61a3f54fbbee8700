package okta

import (
	"slices"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listAppLinks(c *call) reply {
	u := c.org.FindUser(c.PathValue("id"))
	if u == nil {
		return notFound(c.PathValue("id"), "User")
	}
	out := []any{}
	for _, a := range c.org.SortedApps() {
		reached := func(g *world.LiveGroup) bool { return g.Members[u.ID] != nil }
		if a.Status == "ACTIVE" && slices.ContainsFunc(a.Assigned, reached) {
			out = append(out, map[string]any{
				"id": u.ID, "label": a.Label, "linkUrl": c.base + "/home/" + a.Name + "/" + a.ID,
				"logoUrl": c.base + "/img/logos/" + a.Name + ".png", "appName": a.Name, "appInstanceId": a.ID,
				"appAssignmentId": "0ua" + a.ID[3:], "credentialsSetup": false, "hidden": false, "sortOrder": len(out),
			})
		}
	}
	return ok(out)
}
