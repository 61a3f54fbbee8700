package jira

import (
	"net/http"

	"latchkey/sandbox/jira/world"
)

func getProject(c *call) (reply, error) {
	p, err := c.pathProject()
	if err != nil {
		return reply{}, err
	}
	if !c.who.Browses() {
		return reply{}, refuse(http.StatusNotFound, "No project could be found with key '%s'.", p.Key)
	}
	types := []any{}
	for _, t := range world.IssueTypes() {
		types = append(types, c.issueType(t[0]))
	}
	out := c.project(p)
	out["style"] = "classic"
	out["isPrivate"] = false
	out["issueTypes"] = types
	return ok(out), nil
}
