package jira

import (
	"net/http"

	"latchkey/sandbox/jira/world"
)

func getApprovals(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.approvalList(is))
}

func (c *call) pathApproval(find func() (*world.LiveIssue, error)) (*world.LiveIssue, *world.LiveApproval, error) {
	is, err := find()
	if err != nil {
		return nil, nil, err
	}
	a := is.FindApproval(c.vars["approvalId"])
	if a == nil {
		return nil, nil, &problem{status: http.StatusNotFound, message: "The approval does not exist.", i18n: "sd.approval.error.not.found"}
	}
	return is, a, nil
}

func getApproval(c *call) (reply, error) {
	is, a, err := c.pathApproval(c.pathRequest)
	if err != nil {
		return reply{}, err
	}
	return ok(c.approval(is, a)), nil
}

// answerApproval answers for the caller and nobody else.
func answerApproval(c *call) (reply, error) {
	is, a, err := c.pathApproval(c.writeRequest)
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Decision string `json:"decision"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if err := c.site.AnswerApproval(is, a, c.who.AccountID, in.Decision); err != nil {
		return reply{}, err
	}
	return ok(c.approval(is, a)), nil
}
