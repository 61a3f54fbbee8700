package jira

import (
	"net/http"

	"latchkey/sandbox/jira/world"
)

// getRequestComments answers callers without access with an empty page, not an
// error.
func getRequestComments(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil && asProblem(err).status == http.StatusForbidden {
		return c.deskPage(nil)
	}
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.deskComments(is))
}

func getRequestComment(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	m := is.FindComment(c.vars["commentId"])
	if m == nil || !c.visible(m) {
		return reply{}, world.NoComment(c.vars["commentId"])
	}
	return ok(c.deskComment(is, m)), nil
}

func postRequestComment(c *call) (reply, error) {
	is, err := c.writeRequest()
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Body   string `json:"body"`
		Public *bool  `json:"public"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	switch {
	case in.Public == nil:
		return reply{}, refuse(http.StatusBadRequest, "The 'public' field must be specified.")
	case in.Body == "":
		return reply{}, refuse(http.StatusBadRequest, "Comment body can not be empty!")
	case !*in.Public && !c.who.Agent:
		return reply{}, refuse(http.StatusForbidden, "You do not have permission to add internal comments.")
	}
	if err := c.room(is); err != nil {
		return reply{}, err
	}
	body, err := world.FromWiki(in.Body)
	if err != nil {
		return reply{}, err
	}
	return created(c.deskComment(is, c.site.AddComment(is, c.who.AccountID, body, *in.Public, world.VisibilityProperty(*in.Public)))), nil
}
