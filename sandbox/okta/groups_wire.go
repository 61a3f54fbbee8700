package okta

import (
	"net/http"
	"strings"
)

func (s *Server) listGroups(c *call) reply {
	q, now := c.URL.Query(), s.now()
	keep := func(*group) bool { return true }
	expression, kind := q.Get("search"), searchGroups
	if q.Has("filter") {
		expression, kind = q.Get("filter"), filterGroups
	}
	switch {
	case q.Has("sortBy") || q.Has("sortOrder"):
		return s.refuse(c.Request, "sorting of groups")
	case q.Has("search") || q.Has("filter"):
		match, err := parseFilter(expression, kind)
		if err != nil {
			return *badExpression(codeSearch, err)
		}
		keep = func(g *group) bool { return !g.visible.After(now) && match(g.attribute) }
	case q.Has("q"):
		prefix := strings.ToLower(q.Get("q"))
		keep = func(g *group) bool { return strings.HasPrefix(strings.ToLower(g.Name), prefix) }
	}
	var hits []*group
	for _, g := range s.sortedGroups() {
		if keep(g) {
			hits = append(hits, g)
		}
	}
	if q.Has("q") {
		return ok(groupList(c.base, hits[:min(len(hits), limitOf(q, 300, 300))]))
	}
	return groupPage(c, hits)
}

func groupPage(c *call, groups []*group) reply {
	page, links := pageOf(c, groups, func(g *group) int64 { return g.seq }, 200, 10000)
	return reply{status: http.StatusOK, body: groupList(c.base, page), links: links}
}

func groupList(base string, groups []*group) []any {
	out := make([]any, len(groups))
	for i, g := range groups {
		out[i] = g.wire(base)
	}
	return out
}

func (g *group) wire(base string) map[string]any {
	class := map[string]string{AppGroup: "okta:windows_security_principal"}[g.Type]
	if class == "" {
		class = "okta:user_group"
	}
	self := base + "/api/v1/groups/" + g.ID
	return map[string]any{
		"id": g.ID, "created": stamp(g.created), "lastUpdated": stamp(g.created),
		"lastMembershipUpdated": stamp(g.changed), "objectClass": []string{class}, "type": g.Type,
		"profile": g.profile(),
		"_links":  map[string]any{"users": link(self + "/users"), "apps": link(self + "/apps")},
	}
}

func (g *group) profile() map[string]any {
	p := map[string]any{"name": g.Name}
	if g.Description != "" { // absent rather than null, says Okta's schema
		p["description"] = g.Description
	}
	return p
}

func (g *group) target() Target {
	return Target{ID: g.ID, Type: "UserGroup", AlternateID: "unknown", DisplayName: g.Name}
}

func (g *group) attribute(name string) []string {
	switch name {
	case "id":
		return []string{g.ID}
	case "type":
		return []string{g.Type}
	case "profile.name":
		return []string{g.Name}
	case "profile.description":
		if g.Description != "" {
			return []string{g.Description}
		}
	case "created", "lastUpdated":
		return []string{g.created.UTC().Format(timeLayout)}
	case "lastMembershipUpdated":
		return []string{g.changed.UTC().Format(timeLayout)}
	}
	return nil
}
