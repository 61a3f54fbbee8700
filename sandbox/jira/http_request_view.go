package jira

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"strconv"
)

// request renders a customer request with the expansions asked for.
func (c *call) request(is *issue, expand []string) obj {
	out := obj{"_expands": []string{"participant", "status", "sla", "requestType", "serviceDesk", "attachment", "action", "comment"},
		"issueId": strconv.Itoa(is.id), "issueKey": is.key, "summary": is.summary,
		"requestTypeId": c.s.cfg.RequestTypeID, "serviceDeskId": c.s.cfg.DeskID, "createdDate": c.date(is.created),
		"reporter": c.deskUser(is.reporter), "requestFieldValues": c.requestValues(is),
		"currentStatus": c.deskStatus(is.visits[len(is.visits)-1]), "_links": c.requestLinks(is)}
	parts := map[string]func() any{
		"requestType": func() any { return c.requestType() },
		"serviceDesk": func() any { return c.deskObject() },
		"participant": func() any { return c.part(is, "participant", c.deskUsers(is.participants)) },
		"status":      func() any { return c.part(is, "status", c.statusHistory(is)) },
		"comment":     func() any { return c.part(is, "comment", c.deskComments(is)) },
		"attachment":  func() any { return c.part(is, "attachment", c.deskAttachments(is)) },
	}
	names := map[string]string{"participant": "participants", "comment": "comments", "attachment": "attachments"}
	for key, build := range parts {
		if !slices.Contains(expand, key) {
			continue
		}
		name := key
		if plural := names[key]; plural != "" {
			name = plural
		}
		out[name] = build()
	}
	return out
}

// part is an expanded page inside a request.
func (c *call) part(is *issue, name string, all []any) obj {
	at := &url.URL{Path: "/rest/servicedeskapi/request/" + strconv.Itoa(is.id) + "/" + name}
	return c.envelope(all, 0, 50, at)
}

// requestValues are the form's fields that have a value; hidden fields are not
// shown.
func (c *call) requestValues(is *issue) []any {
	out := []any{}
	for i := range c.w.fields {
		f := &c.w.fields[i]
		if !f.OnForm {
			continue
		}
		value := c.fieldValue(is, f)
		if value == nil {
			continue
		}
		one := obj{"fieldId": f.ID, "label": f.Name, "value": value}
		if r, isRich := c.w.value(is, f).(rich); isRich {
			one["renderedValue"] = obj{"html": "<p>" + html.EscapeString(r.text) + "</p>"}
		}
		out = append(out, one)
	}
	return out
}

func (c *call) deskStatus(v visit) obj {
	upper := map[string]string{"new": "NEW", "indeterminate": "INDETERMINATE", "done": "DONE"}[v.status.Category]
	if upper == "" {
		upper = "UNDEFINED"
	}
	return obj{"status": cmp.Or(v.status.Portal, v.status.Name), "statusCategory": upper, "statusDate": c.date(v.at)}
}

// statusHistory is newest first.
func (c *call) statusHistory(is *issue) []any {
	out := []any{}
	for _, v := range slices.Backward(is.visits) {
		out = append(out, c.deskStatus(v))
	}
	return out
}
