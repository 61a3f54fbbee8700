package jira

import "net/http"

func getAttachment(c *call) (reply, error) {
	_, a := c.site.FindAttachment(c.vars["id"])
	if a == nil || !c.who.Browses() {
		return reply{}, refuse(http.StatusNotFound, "The attachment with id '%s' does not exist", c.vars["id"])
	}
	out := c.attachmentFields(a)
	out["id"] = a.ID
	return ok(out), nil
}

func deleteAttachment(c *call) (reply, error) {
	is, a := c.site.FindAttachment(c.vars["id"])
	if a == nil || !c.who.Browses() {
		return reply{}, refuse(http.StatusNotFound, "The attachment with id '%s' does not exist", c.vars["id"])
	}
	c.site.Detach(is, a, c.who.AccountID)
	return noContent(), nil
}
