package jira

func getAllRequestTypes(c *call) (reply, error) { return c.deskPage([]any{c.requestType()}) }
