package jira

import "slices"

func getMyself(c *call) (reply, error) {
	me := c.person(c.who)
	me["locale"] = "en_US"
	me["expand"] = "groups,applicationRoles"
	groups, roles := []any{}, []any{}
	if slices.Contains(c.list("expand"), "groups") {
		groups = append(groups, obj{"name": "jira-users"})
	}
	if slices.Contains(c.list("expand"), "applicationRoles") && c.who.Agent {
		roles = append(roles, obj{"key": "jira-servicedesk", "name": "Jira Service Management"})
	}
	me["groups"] = obj{"size": 1, "items": groups}
	me["applicationRoles"] = obj{"size": 1, "items": roles}
	return ok(me), nil
}
