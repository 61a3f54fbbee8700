package jira

import (
	"encoding/json"
	"net/http"

	"latchkey/sandbox/jira/world"
)

// putAssignee assigns an issue to an agent; null takes the assignee away.
func putAssignee(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	var in map[string]json.RawMessage
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if err := c.mayEdit(http.StatusForbidden); err != nil {
		return reply{}, err
	}
	account, given := in["accountId"]
	if !given || len(in) > 1 {
		return reply{}, refuse(http.StatusBadRequest, "Users are identified by accountId alone.")
	}
	raw := json.RawMessage("null")
	if string(account) != "null" {
		raw = json.RawMessage(`{"accountId":` + string(account) + `}`)
	}
	items, err := is.EditOrUndo(func() ([]world.ChangedField, error) {
		return c.site.SetField(is, c.site.FieldByID("assignee"), raw, c.dialect())
	})
	if err != nil {
		return reply{}, err
	}
	c.site.LogChange(is, c.who.AccountID, nil, items...)
	return noContent(), nil
}
