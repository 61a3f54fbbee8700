package jira

func getChangelog(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	if c.query.Get("maxResults") == "" {
		c.query.Set("maxResults", "100")
	}
	return c.platformPage(c.changelogOf(is))
}
