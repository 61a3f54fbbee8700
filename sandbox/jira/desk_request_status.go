package jira

func getRequestStatus(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.statusHistory(is))
}
