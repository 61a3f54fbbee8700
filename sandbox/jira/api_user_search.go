package jira

import "net/http"

// searchUsers matches hidden addresses too, so that an answer need not show
// why somebody was found.
func searchUsers(c *call) (reply, error) {
	start, err := c.number("startAt", 0)
	if err != nil {
		return reply{}, err
	}
	size, err := c.number("maxResults", 50)
	if err != nil {
		return reply{}, err
	}
	if c.query.Get("query") == "" && c.query.Get("accountId") == "" {
		return reply{}, refuse(http.StatusBadRequest, "Either the 'query', 'accountId' or 'property' query parameter has to be provided.")
	}
	out := []any{}
	for i, a := range c.site.FindAccounts(c.query.Get("query")) {
		if i >= start && i < start+size {
			out = append(out, c.user(a.AccountID))
		}
	}
	if id := c.query.Get("accountId"); c.site.Accounts[id] != nil {
		out = append(out, c.user(id))
	}
	return ok(out), nil
}
