package jira

import "latchkey/sandbox/jira/world"

func getLinkTypes(c *call) (reply, error) {
	out := []any{}
	for _, t := range world.LinkTypes() {
		out = append(out, c.linkType(t))
	}
	return ok(obj{"issueLinkTypes": out}), nil
}
