package jira

import (
	"net/http"
	"slices"
)

// transitions lists what the caller may do from the current status; without
// permission that is an empty list, not an error.
func (c *call) transitions(is *issue, withFields bool) []any {
	out := []any{}
	if !c.who.browses() {
		return out
	}
	for _, t := range c.w.flow.offered(is.status) {
		one := obj{"id": t.ID, "name": t.Name, "to": c.status(c.w.flow.status(t.To)), "hasScreen": len(t.Screen) > 0,
			"isGlobal": false, "isInitial": false, "isAvailable": true, "isConditional": false, "isLooped": false}
		if withFields {
			one["fields"] = c.screen(t)
		}
		out = append(out, one)
	}
	return out
}

func (c *call) screen(t *Transition) obj {
	out := obj{}
	for _, sf := range t.Screen {
		f := c.w.field(sf.ID)
		if f == nil {
			continue
		}
		meta := obj{"required": sf.Required, "schema": f.schema(), "name": f.Name, "key": f.ID, "operations": []string{"set"}}
		if f.ID == "resolution" {
			meta["allowedValues"] = c.resolutionList()
		}
		out[f.ID] = meta
	}
	return out
}

func getTransitions(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
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
	err = c.w.advance(is, c.who.AccountID, step{id: in.Transition.ID, fields: in.Fields, update: in.Update,
		props: in.Properties, metadata: in.HistoryMetadata, dialect: c.dialect()})
	return noContent(), err
}
