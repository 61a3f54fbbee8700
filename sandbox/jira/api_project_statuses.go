package jira

import "latchkey/sandbox/jira/world"

func getProjectStatuses(c *call) (reply, error) {
	if _, err := c.pathProject(); err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, t := range world.IssueTypes() {
		out = append(out, obj{"self": c.api() + "/issuetype/" + t[0], "id": t[0], "name": t[1], "subtask": false, "statuses": c.statuses()})
	}
	return ok(out), nil
}
