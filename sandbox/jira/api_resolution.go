package jira

func getResolutions(c *call) (reply, error) { return ok(c.resolutionList()), nil }
