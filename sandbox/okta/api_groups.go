package okta

import (
	"strings"

	"latchkey/sandbox/okta/world"
)

func (s *Server) getGroup(c *call) reply {
	g := c.org.GroupByID[s.understood(c.PathValue("id"))]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	return ok(groupJSON(g, c.base))
}

func (s *Server) listGroups(c *call) reply {
	q, now := c.URL.Query(), c.org.Now()
	stats := q.Get("expand") == "stats" && !q.Has("q")
	keep := func(*world.LiveGroup) bool { return true }
	expression, kind := q.Get("search"), world.SearchGroups()
	if q.Has("filter") {
		expression, kind = q.Get("filter"), world.FilterGroups()
	}
	switch {
	case q.Has("sortBy") || q.Has("sortOrder"):
		return s.refuse(c.Request, "sorting of groups")
	case q.Has("expand") && !stats:
		return s.refuse(c.Request, "expand="+q.Get("expand")+" of groups")
	case q.Has("search") || q.Has("filter"):
		expression, none, all := s.search(expression)
		match, err := world.ParseFilter(expression, kind)
		if err != nil {
			return *badExpression(codeSearch, err)
		}
		keep = func(g *world.LiveGroup) bool { return !none && !g.Visible.After(now) && (all || match(g.Attribute)) }
	case q.Has("q"):
		prefix := strings.ToLower(q.Get("q"))
		keep = func(g *world.LiveGroup) bool { return strings.HasPrefix(strings.ToLower(g.Name), prefix) }
	}
	var hits []*world.LiveGroup
	for _, g := range c.org.SortedGroups() {
		if keep(g) {
			hits = append(hits, g)
		}
	}
	if q.Has("q") {
		return ok(groupList(c.base, hits[:min(len(hits), limitOf(q, 300, 300))]))
	}
	return s.groupPage(c, hits, stats)
}
