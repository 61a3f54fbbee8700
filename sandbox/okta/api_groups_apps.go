package okta

import (
	"slices"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listGroupApps(c *call) reply {
	g := c.org.GroupByID[c.PathValue("id")]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	return appPage(c, slices.DeleteFunc(c.org.SortedApps(), func(a *world.LiveApp) bool { return !slices.Contains(a.Assigned, g) }), 20)
}
