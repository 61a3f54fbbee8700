package jira

import (
	"net/http"

	"latchkey/sandbox/jira/world"
)

// getCustomerTransitions lists the transitions shown in the portal only.
func getCustomerTransitions(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, t := range c.site.Workflow.Offered(is.Status) {
		if t.Customer {
			out = append(out, obj{"id": t.ID, "name": t.Name})
		}
	}
	return c.deskPage(out)
}

func postCustomerTransition(c *call) (reply, error) {
	is, err := c.writeRequest()
	if err != nil {
		return reply{}, err
	}
	var in struct {
		ID                string          `json:"id"`
		AdditionalComment *additionalNote `json:"additionalComment"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if t := c.site.Workflow.FindTransition(in.ID); t == nil || !t.Customer {
		return reply{}, refuse(http.StatusBadRequest, "The transition '%s' is not valid for this request.", in.ID)
	}
	body, err := in.AdditionalComment.read()
	if err != nil {
		return reply{}, err
	}
	if err := c.site.Transition(is, c.who.AccountID, world.TransitionInput{Transition: in.ID}); err != nil {
		return reply{}, err
	}
	if !body.Empty() {
		c.site.AddComment(is, c.who.AccountID, body, true, nil)
	}
	return noContent(), nil
}
