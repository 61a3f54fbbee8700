package jira

import (
	"strconv"

	"latchkey/sandbox/jira/world"
)

func getFields(c *call) (reply, error) {
	out := make([]any, 0, len(c.site.Fields))
	for i := range c.site.Fields {
		f := &c.site.Fields[i]
		clauses := []string{f.ID}
		if f.Custom != "" {
			clauses = []string{"cf[" + strconv.Itoa(world.CustomNumber(f.ID)) + "]", f.Name}
		}
		out = append(out, obj{"id": f.ID, "key": f.ID, "name": f.Name, "custom": f.Custom != "",
			"orderable": true, "navigable": true, "searchable": true, "clauseNames": clauses, "schema": schema(f)})
	}
	return ok(out), nil
}
