package jira

import "latchkey/sandbox/jira/world"

// transitions lists what the caller may do from the current status; without
// permission that is an empty list, not an error.
func (c *call) transitions(is *world.LiveIssue, withFields bool) []any {
	out := []any{}
	if !c.who.May("TRANSITION_ISSUES") {
		return out
	}
	for _, t := range c.site.Workflow.Offered(is.Status) {
		one := obj{"id": t.ID, "name": t.Name, "to": c.status(c.site.Workflow.FindStatus(t.To)), "hasScreen": len(t.Screen) > 0,
			"isGlobal": false, "isInitial": false, "isAvailable": true, "isConditional": false, "isLooped": false}
		if withFields {
			one["fields"] = c.screen(t)
		}
		out = append(out, one)
	}
	return out
}

func (c *call) screen(t *world.Transition) obj {
	out := obj{}
	for _, sf := range t.Screen {
		f := c.site.FieldByID(sf.ID)
		if f == nil || f.ID == "comment" { // the field for a comment is never listed
			continue
		}
		meta := obj{"required": sf.Required, "schema": schema(f), "name": f.Name, "key": f.ID, "operations": []string{"set"}}
		if f.ID == "resolution" {
			meta["allowedValues"] = c.resolutionList()
		}
		out[f.ID] = meta
	}
	return out
}
