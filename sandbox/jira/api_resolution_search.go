package jira

func searchResolutions(c *call) (reply, error) { return c.platformPage(c.resolutionList()) }
