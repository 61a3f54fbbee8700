package okta

import (
	"slices"
	"strings"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listApps(c *call) reply {
	q := c.URL.Query()
	keep := func(*world.LiveApp) bool { return true }
	if q.Has("filter") {
		match, err := world.ParseFilter(q.Get("filter"), world.FilterApps())
		if err != nil {
			return *badExpression(codeBadInput, err)
		}
		keep = func(a *world.LiveApp) bool { return match(a.Attribute) }
	}
	if prefix := strings.ToLower(q.Get("q")); prefix != "" {
		plain := keep
		keep = func(a *world.LiveApp) bool {
			return plain(a) && (strings.HasPrefix(strings.ToLower(a.Label), prefix) || strings.HasPrefix(a.Name, prefix))
		}
	}
	return appPage(c, slices.DeleteFunc(c.org.SortedApps(), func(a *world.LiveApp) bool { return !keep(a) }), 20)
}

func (s *Server) getApp(c *call) reply {
	a := c.org.AppByID[c.PathValue("id")]
	if a == nil {
		return notFound(c.PathValue("id"), "AppInstance")
	}
	return ok(appJSON(a, c.base))
}
