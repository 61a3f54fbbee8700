package okta

import (
	"fmt"
	"net/http"
	"slices"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listRules(c *call) reply {
	page, links := pageOf(c, c.org.Rules, func(r *world.LiveRule) int64 { return r.Seq }, 50, 200)
	out := make([]any, len(page))
	for i, r := range page {
		out[i] = ruleJSON(r)
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func ruleJSON(r *world.LiveRule) map[string]any {
	excluded, groups := []string{}, []string{}
	for id := range r.Exclude {
		excluded = append(excluded, id)
	}
	slices.Sort(excluded)
	for _, g := range r.Fed {
		groups = append(groups, g.ID)
	}
	return map[string]any{
		"type": "group_rule", "id": r.ID, "status": r.Status, "name": r.Name,
		"created": stamp(r.Created), "lastUpdated": stamp(r.Created),
		"conditions": map[string]any{
			"people": map[string]any{
				"users":  map[string]any{"exclude": excluded},
				"groups": map[string]any{"exclude": []string{}},
			},
			"expression": map[string]any{
				"type": "urn:okta:expression:1.0", "value": fmt.Sprintf("user.%s==%q", r.Attribute, r.Value),
			},
		},
		"actions": map[string]any{"assignUserToGroups": map[string]any{"groupIds": groups}},
	}
}
