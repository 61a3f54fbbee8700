package jira

import "net/http"

func getUser(c *call) (reply, error) {
	id := c.query.Get("accountId")
	if id == "" {
		return reply{}, refuse(http.StatusBadRequest, "The query parameter 'accountId' must be provided.")
	}
	u := c.user(id)
	if u == nil {
		return reply{}, refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return ok(u), nil
}
