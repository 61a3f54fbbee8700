package jira

func getDesks(c *call) (reply, error) { return c.deskPage([]any{c.deskObject()}) }

func getDesk(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	return ok(c.deskObject()), nil
}
