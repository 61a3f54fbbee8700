package jira

import "net/http"

func removedSearch(c *call) (reply, error) {
	c.s.violation("%s %s was removed from Jira Cloud; use /rest/api/3/search/jql", c.r.Method, c.path)
	return reply{}, refuse(http.StatusGone, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "+
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046")
}
