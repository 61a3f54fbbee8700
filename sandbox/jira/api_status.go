package jira

func getStatuses(c *call) (reply, error) { return ok(c.statuses()), nil }
