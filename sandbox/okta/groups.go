package okta

import (
	"net/http"

	"latchkey/sandbox/okta/world"
)

func groupPage(c *call, groups []*world.LiveGroup) reply {
	page, links := pageOf(c, groups, func(g *world.LiveGroup) int64 { return g.Seq }, 200, 10000)
	return reply{status: http.StatusOK, body: groupList(c.base, page), links: links}
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
