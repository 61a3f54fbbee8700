package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// pathRequest finds the request of the path. Issues without a request type are
// not requests.
func (c *call) pathRequest() (*issue, error) {
	is := c.w.find(c.vars["issueIdOrKey"])
	if is == nil || !is.request {
		return nil, &problem{status: http.StatusNotFound, message: "The request does not exist or you do not have permission to see it.", i18n: "sd.request.error.not.found"}
	}
	if !c.who.sees(is) {
		return nil, &problem{status: http.StatusForbidden, message: "You do not have permission to view this request.", i18n: "sd.request.error.no.permission"}
	}
	return is, nil
}

func (c *call) writeRequest() (*issue, error) {
	is, err := c.pathRequest()
	if err != nil {
		return nil, err
	}
	return is, c.s.limits.write(c, is)
}

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
	is, err := c.w.raise(requestInput{creator: c.who.AccountID, reporter: reporter, participants: in.RequestParticipants,
		fields: in.RequestFieldValues, dialect: dialect(in.IsADFRequest), channel: channel})
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
		if err := c.w.mayRaiseFor(id); err != nil {
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
	hits := slices.DeleteFunc(slices.Clone(c.w.order), func(is *issue) bool { return !c.listed(is) })
	slices.SortStableFunc(hits, func(a, b *issue) int { return b.updated.Compare(a.updated) })
	out := make([]any, len(hits))
	for i, is := range hits {
		out[i] = c.request(is, c.list("expand"))
	}
	return c.deskPage(out)
}

func (c *call) listed(is *issue) bool {
	if !is.request || !c.owns(is) {
		return false
	}
	closed := is.status.Category == "done"
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
	return strings.Contains(strings.ToLower(is.summary), term)
}

func (c *call) owns(is *issue) bool {
	me := c.who.AccountID
	asked := c.list("requestOwnership")
	if len(asked) == 0 {
		asked = []string{"OWNED_REQUESTS"}
	}
	for _, o := range asked {
		switch {
		case o == "OWNED_REQUESTS" && is.reporter == me,
			o == "PARTICIPATED_REQUESTS" && slices.Contains(is.participants, me),
			o == "APPROVER" && c.approves(is),
			o == "ALL_REQUESTS" && is.involves(me):
			return true
		}
	}
	return false
}

func (c *call) approves(is *issue) bool {
	for _, a := range is.approvals {
		p := a.approver(c.who.AccountID)
		if p == nil {
			continue
		}
		switch c.query.Get("approvalStatus") {
		case "MY_PENDING_APPROVAL":
			if p.decision == pending && a.final == pending {
				return true
			}
		case "MY_HISTORY_APPROVAL":
			if p.decision != pending || a.final != pending {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func getRequestStatus(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.statusHistory(is))
}

// getCustomerTransitions lists the transitions shown in the portal only.
func getCustomerTransitions(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, t := range c.w.flow.offered(is.status) {
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
	if t := c.w.flow.transition(in.ID); t == nil || !t.Customer {
		return reply{}, refuse(http.StatusBadRequest, "The transition '%s' is not valid for this request.", in.ID)
	}
	body, err := in.AdditionalComment.read()
	if err != nil {
		return reply{}, err
	}
	if err := c.w.advance(is, c.who.AccountID, step{id: in.ID}); err != nil {
		return reply{}, err
	}
	if !body.empty() {
		c.w.addComment(is, c.who.AccountID, body, true, nil)
	}
	return noContent(), nil
}

type additionalNote struct {
	Body string `json:"body"`
}

func (n *additionalNote) read() (rich, error) {
	if n == nil || n.Body == "" {
		return rich{}, nil
	}
	return fromWiki(n.Body)
}

func (c *call) requestLinks(is *issue) obj {
	id := strconv.Itoa(is.id)
	return obj{"jiraRest": c.base + "/rest/api/2/issue/" + id, "web": c.base + "/servicedesk/customer/portal/" + c.s.cfg.DeskID + "/" + is.key,
		"agent": c.base + "/browse/" + is.key, "self": c.deskAPI() + "/request/" + id}
}
