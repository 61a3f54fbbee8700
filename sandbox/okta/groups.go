package okta

import (
	"net/http"
	"slices"

	"latchkey/sandbox/okta/world"
)

// groupPage is a page of groups, with how many accounts and apps each has if stats are asked for.
func (s *Server) groupPage(c *call, groups []*world.LiveGroup, stats bool) reply {
	page, links := pageOf(c, groups, func(g *world.LiveGroup) int64 { return g.Seq }, 200, 10000)
	body := groupList(c.base, page)
	for i, g := range page {
		if one, is := body[i].(map[string]any); is && stats {
			one["_embedded"] = map[string]any{"stats": s.groupStats(c, g)}
		}
	}
	return reply{status: http.StatusOK, body: body, links: links}
}

func (s *Server) groupStats(c *call, g *world.LiveGroup) map[string]any {
	apps := slices.DeleteFunc(c.org.SortedApps(), func(a *world.LiveApp) bool { return !slices.Contains(a.Assigned, g) })
	stats := map[string]any{"appsCount": len(apps), "groupPushMappingsCount": 0, "hasAdminPrivlege": false}
	if n, said := s.Said(g.ID, len(g.Members)); said {
		stats["usersCount"] = n
	}
	return stats
}

func groupList(base string, groups []*world.LiveGroup) []any {
	out := make([]any, len(groups))
	for i, g := range groups {
		out[i] = groupJSON(g, base)
	}
	return out
}

func groupJSON(g *world.LiveGroup, base string) map[string]any {
	class := map[string]string{world.AppGroup: "okta:windows_security_principal"}[g.Type]
	if class == "" {
		class = "okta:user_group"
	}
	self := base + "/api/v1/groups/" + g.ID
	return map[string]any{
		"id": g.ID, "created": stamp(g.Created), "lastUpdated": stamp(g.Created),
		"lastMembershipUpdated": stamp(g.Changed), "objectClass": []string{class}, "type": g.Type,
		"profile": groupProfile(g),
		"_links":  map[string]any{"users": link(self + "/users"), "apps": link(self + "/apps")},
	}
}

func groupProfile(g *world.LiveGroup) map[string]any {
	p := map[string]any{"name": g.Name}
	if g.Description != "" { // absent rather than null, says Okta's schema
		p["description"] = g.Description
	}
	return p
}
