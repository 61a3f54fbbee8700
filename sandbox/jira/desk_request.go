package jira

import (
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"latchkey/sandbox/jira/world"
)

type requestBody struct {
	ServiceDeskID       string                     `json:"serviceDeskId"`
	RequestTypeID       string                     `json:"requestTypeId"`
	RaiseOnBehalfOf     string                     `json:"raiseOnBehalfOf"`
	RequestParticipants []string                   `json:"requestParticipants"`
	RequestFieldValues  map[string]json.RawMessage `json:"requestFieldValues"`
	Form                json.RawMessage            `json:"form"`
	IsADFRequest        bool                       `json:"isAdfRequest"`
	Channel             string                     `json:"channel"`
}

func createRequest(c *call) (reply, error) {
	var in requestBody
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	reporter, err := c.checkRequest(in)
	if err != nil {
		return reply{}, err
	}
	channel := "api"
	if in.Channel != "" {
		channel = in.Channel
	}
	is, err := c.site.RaiseRequest(world.RequestInput{Creator: c.who.AccountID, Reporter: reporter, Participants: in.RequestParticipants,
		Fields: in.RequestFieldValues, Dialect: world.Dialect(in.IsADFRequest), Channel: channel})
	if err != nil {
		return reply{}, err
	}
	return created(c.request(is, nil)), nil
}

// checkRequest validates everything but the fields and returns the reporter.
func (c *call) checkRequest(in requestBody) (string, error) {
	switch {
	case !c.isDesk(in.ServiceDeskID):
		return "", refuse(http.StatusBadRequest, "The Service Desk you are trying to view does not exist.")
	case in.RequestTypeID != c.s.cfg.RequestTypeID:
		return "", refuse(http.StatusBadRequest, "The request type you are trying to use does not exist.")
	case len(in.Form) > 0 && string(in.Form) != "null":
		return "", refuse(http.StatusNotImplemented, "Forms are not modelled; the request type has none.")
	case !c.who.Agent && (in.RaiseOnBehalfOf != "" || len(in.RequestParticipants) > 0):
		return "", refuse(http.StatusForbidden, "You do not have permission to raise requests on behalf of others or to add participants.")
	case in.RaiseOnBehalfOf != "" && c.s.cfg.NoRaiseOnBehalfOf:
		return "", refuse(http.StatusForbidden, "You do not have permission to raise requests on behalf of others.")
	}
	reporter := c.who.AccountID
	if in.RaiseOnBehalfOf != "" {
		reporter = in.RaiseOnBehalfOf
	}
	for _, id := range append([]string{reporter}, in.RequestParticipants...) {
		if err := c.site.MayRaiseFor(id); err != nil {
			return "", err
		}
	}
	return reporter, nil
}

func getRequest(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	for _, e := range c.list("expand") {
		if e == "sla" || e == "action" {
			return reply{}, refuse(http.StatusNotImplemented, "expand=%s is not modelled.", e)
		}
	}
	return ok(c.request(is, c.list("expand"))), nil
}

// listRequests is the caller's own view, not a list of the project.
func listRequests(c *call) (reply, error) {
	hits := slices.DeleteFunc(slices.Clone(c.site.InOrder), func(is *world.LiveIssue) bool { return !c.listed(is) })
	slices.SortStableFunc(hits, func(a, b *world.LiveIssue) int { return b.Updated.Compare(a.Updated) })
	out := make([]any, len(hits))
	for i, is := range hits {
		out[i] = c.request(is, c.list("expand"))
	}
	return c.deskPage(out)
}

func (c *call) listed(is *world.LiveIssue) bool {
	if !is.Request || !c.owns(is) {
		return false
	}
	closed := is.Status.Category == "done"
	switch c.query.Get("requestStatus") {
	case "OPEN_REQUESTS":
		if closed {
			return false
		}
	case "CLOSED_REQUESTS":
		if !closed {
			return false
		}
	}
	term := strings.ToLower(c.query.Get("searchTerm"))
	return strings.Contains(strings.ToLower(is.Summary), term)
}

func (c *call) owns(is *world.LiveIssue) bool {
	me := c.who.AccountID
	asked := c.list("requestOwnership")
	if len(asked) == 0 {
		asked = []string{"OWNED_REQUESTS"}
	}
	for _, o := range asked {
		switch {
		case o == "OWNED_REQUESTS" && is.Reporter == me,
			o == "PARTICIPATED_REQUESTS" && slices.Contains(is.Participants, me),
			o == "APPROVER" && c.approves(is),
			o == "ALL_REQUESTS" && is.Involves(me):
			return true
		}
	}
	return false
}

func (c *call) approves(is *world.LiveIssue) bool {
	for _, a := range is.Approvals {
		p := a.Approver(c.who.AccountID)
		if p == nil {
			continue
		}
		switch c.query.Get("approvalStatus") {
		case "MY_PENDING_APPROVAL":
			if p.Decision == world.Pending && a.Final == world.Pending {
				return true
			}
		case "MY_HISTORY_APPROVAL":
			if p.Decision != world.Pending || a.Final != world.Pending {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// request renders a customer request with the expansions asked for.
func (c *call) request(is *world.LiveIssue, expand []string) obj {
	out := obj{"_expands": []string{"participant", "status", "sla", "requestType", "serviceDesk", "attachment", "action", "comment"},
		"issueId": strconv.Itoa(is.ID), "issueKey": is.Key, "summary": is.Summary,
		"requestTypeId": c.s.cfg.RequestTypeID, "serviceDeskId": c.s.cfg.DeskID, "createdDate": c.date(is.Created),
		"reporter": c.deskUser(is.Reporter), "requestFieldValues": c.requestValues(is),
		"currentStatus": c.deskStatus(is.Visits[len(is.Visits)-1]), "_links": c.requestLinks(is)}
	parts := map[string]func() any{
		"requestType": func() any { return c.requestType() },
		"serviceDesk": func() any { return c.deskObject() },
		"participant": func() any { return c.part(is, "participant", c.deskUsers(is.Participants)) },
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

// requestValues are the form's fields that have a value; hidden fields are not
// shown.
func (c *call) requestValues(is *world.LiveIssue) []any {
	out := []any{}
	for i := range c.site.Fields {
		f := &c.site.Fields[i]
		if !f.OnForm {
			continue
		}
		value := c.fieldValue(is, f)
		if value == nil {
			continue
		}
		one := obj{"fieldId": f.ID, "label": f.Name, "value": value}
		if r, isRich := c.site.FieldValue(is, f).(world.RichText); isRich {
			one["renderedValue"] = obj{"html": "<p>" + html.EscapeString(r.Text) + "</p>"}
		}
		out = append(out, one)
	}
	return out
}
