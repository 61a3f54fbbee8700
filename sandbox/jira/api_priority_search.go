package jira

func searchPriorities(c *call) (reply, error) { return c.platformPage(c.priorityList()) }
