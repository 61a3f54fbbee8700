package jira

import (
	"slices"

	"latchkey/sandbox/jira/world"
)

func getRequestTypeFields(c *call) (reply, error) {
	if err := c.checkRequestType(); err != nil {
		return reply{}, err
	}
	fields := []any{}
	for i := range c.site.Fields {
		if f := &c.site.Fields[i]; f.OnForm {
			fields = append(fields, obj{"fieldId": f.ID, "name": f.Name, "description": "", "required": f.Required,
				"defaultValues": []any{}, "presetValues": []string{}, "validValues": validValues(f), "jiraSchema": schema(f), "visible": true})
		}
	}
	return ok(obj{"requestTypeFields": fields, "canRaiseOnBehalfOf": c.who.Agent && !c.s.cfg.NoRaiseOnBehalfOf,
		"canAddRequestParticipants": true}), nil
}

func validValues(f *world.Field) []any {
	out := []any{}
	for _, i := range f.Listed() {
		o := f.Options[i]
		if slices.Contains(f.Disabled, o) {
			continue
		}
		out = append(out, obj{"value": world.OptionID(f, i), "label": o, "children": []any{}})
	}
	return out
}
