package jira

func matchJQL(c *call) (reply, error) {
	var in struct {
		IssueIDs []int    `json:"issueIds"`
		JQLs     []string `json:"jqls"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, jql := range in.JQLs {
		out = append(out, c.matchOne(jql, in.IssueIDs))
	}
	return ok(obj{"matches": out}), nil
}

func (c *call) matchOne(jql string, ids []int) obj {
	errs := []string{}
	matched, err := c.site.MatchJQL(jql, c.who, ids)
	if err != nil {
		errs = append(errs, asProblem(err).Error())
	}
	return obj{"matchedIssues": matched, "errors": errs}
}
