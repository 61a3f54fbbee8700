package jira

func getPriorities(c *call) (reply, error) { return ok(c.priorityList()), nil }
