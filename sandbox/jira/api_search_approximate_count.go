package jira

func approximateCount(c *call) (reply, error) {
	var in struct {
		JQL string `json:"jql"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	q, err := c.site.CompileJQL(in.JQL, c.who)
	if err != nil {
		return reply{}, err
	}
	return ok(obj{"count": len(c.site.Search(q, nil))}), nil
}
