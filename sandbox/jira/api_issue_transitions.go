package jira

import (
	"net/http"
	"slices"

	"latchkey/sandbox/jira/world"
)

func getTransitions(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	if !c.who.May("TRANSITION_ISSUES") { // none are shown
		return ok(obj{"expand": "transitions", "transitions": []any{}}), nil
	}
	list := c.transitions(is, slices.Contains(c.list("expand"), "transitions.fields"))
	if id := c.query.Get("transitionId"); id != "" {
		list = slices.DeleteFunc(list, func(t any) bool { return t.(obj)["id"] != id })
	}
	return ok(obj{"expand": "transitions", "transitions": list}), nil
}

func postTransition(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	var in issueChange
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if in.Transition == nil {
		return reply{}, refuse(http.StatusBadRequest, "Missing 'transition' identifier")
	}
	if err := c.may("TRANSITION_ISSUES", http.StatusBadRequest, "You do not have permission to transition this issue."); err != nil {
		return reply{}, err
	}
	err = c.site.Transition(is, c.who.AccountID, world.TransitionInput{Transition: in.Transition.ID, Fields: in.Fields, Update: in.Update,
		Properties: in.Properties, Metadata: in.HistoryMetadata, Dialect: c.dialect()})
	return noContent(), err
}
