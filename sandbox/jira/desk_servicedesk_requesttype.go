package jira

import "strings"

func getRequestTypes(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	all := []any{c.requestType()}
	if q := strings.ToLower(c.query.Get("searchQuery")); q != "" && !strings.Contains(strings.ToLower(c.s.cfg.RequestTypeName), q) {
		all = []any{}
	}
	return c.deskPage(all)
}

func getRequestType(c *call) (reply, error) {
	if err := c.checkRequestType(); err != nil {
		return reply{}, err
	}
	return ok(c.requestType()), nil
}
