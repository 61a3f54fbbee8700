package jira

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"latchkey/sandbox/jira/world"
)

// part is an expanded page inside a request.
func (c *call) part(is *world.LiveIssue, name string, all []any) obj {
	at := &url.URL{Path: "/rest/servicedeskapi/request/" + strconv.Itoa(is.ID) + "/" + name}
	return c.envelope(all, 0, 50, at)
}

func (c *call) deskStatus(v world.Visit) obj {
	upper := map[string]string{"new": "NEW", "indeterminate": "INDETERMINATE", "done": "DONE"}[v.Status.Category]
	if upper == "" {
		upper = "UNDEFINED"
	}
	return obj{"status": cmp.Or(v.Status.Portal, v.Status.Name), "statusCategory": upper, "statusDate": c.date(v.At)}
}

// statusHistory is newest first.
func (c *call) statusHistory(is *world.LiveIssue) []any {
	out := []any{}
	for _, v := range slices.Backward(is.Visits) {
		out = append(out, c.deskStatus(v))
	}
	return out
}
