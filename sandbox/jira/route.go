package jira

import (
	"net/http"
	"slices"
	"strings"
)

type access int

const (
	membersOnly access = iota
	openToAll
	// emptyForAnonymous answers anonymous callers with an empty result, which
	// is why a search is no health check.
	emptyForAnonymous
	// organizationAdmins is for calls with an API key of the organization.
	organizationAdmins
)

// route is one modelled call.
type route struct {
	method, pattern string
	parts           []string
	handle          func(*call) (reply, error)
	access          access
	experimental    bool
	agentsOnly      bool
}

func (rt *route) template(v2 bool) string {
	if v2 {
		return strings.Replace(rt.pattern, "/rest/api/3", "/rest/api/2", 1)
	}
	return rt.pattern
}

// match finds the route of a call. Version 2 of the platform API has the same
// routes as version 3.
func (s *Server) match(method, path string) (*route, map[string]string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) > 2 && parts[0] == "rest" && parts[1] == "api" && parts[2] == "2" {
		parts[2] = "3"
	}
	for i := range s.routes {
		rt := &s.routes[i]
		if rt.method == method && len(rt.parts) == len(parts) {
			if vars, ok := rt.capture(parts); ok {
				return rt, vars
			}
		}
	}
	return nil, nil
}

func (rt *route) capture(parts []string) (map[string]string, bool) {
	for i, p := range rt.parts {
		if p[0] != '{' && p != parts[i] || parts[i] == "" {
			return nil, false
		}
	}
	vars := map[string]string{}
	for i, p := range rt.parts {
		if p[0] == '{' {
			vars[strings.Trim(p, "{}")] = parts[i]
		}
	}
	return vars, true
}

// allRoutes is every modelled call; fixed paths come before those with
// parameters in the same place.
func allRoutes() []route {
	all := slices.Concat(siteRoutes(), searchRoutes(), issueRoutes(), issuePartRoutes(), deskRoutes(), requestRoutes(), organizationRoutes())
	for i := range all {
		all[i].parts = strings.Split(strings.Trim(all[i].pattern, "/"), "/")
	}
	return all
}

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
	del  = http.MethodDelete
)

func siteRoutes() []route {
	const p = "/rest/api/3"
	return []route{
		{method: get, pattern: "/_edge/tenant_info", handle: getTenant, access: openToAll},
		{method: get, pattern: p + "/myself", handle: getMyself},
		{method: get, pattern: p + "/serverInfo", handle: getServerInfo, access: openToAll},
		{method: get, pattern: p + "/field", handle: getFields},
		{method: get, pattern: p + "/field/{fieldId}/context", handle: getFieldContexts},
		{method: get, pattern: p + "/field/{fieldId}/context/projectmapping", handle: getContextProjects},
		{method: get, pattern: p + "/field/{fieldId}/context/{contextId}/option", handle: getFieldOptions},
		{method: post, pattern: p + "/field/{fieldId}/context/{contextId}/option", handle: addFieldOptions},
		{method: put, pattern: p + "/field/{fieldId}/context/{contextId}/option", handle: changeFieldOptions},
		{method: put, pattern: p + "/field/{fieldId}/context/{contextId}/option/move", handle: moveFieldOptions},
		{method: get, pattern: p + "/project/{projectIdOrKey}/properties/{propertyKey}", handle: getProjectProperty},
		{method: put, pattern: p + "/project/{projectIdOrKey}/properties/{propertyKey}", handle: putProjectProperty},
		{method: get, pattern: p + "/mypermissions", handle: getMyPermissions},
		{method: get, pattern: p + "/user", handle: getUser},
		{method: get, pattern: p + "/user/search", handle: searchUsers},
		{method: get, pattern: p + "/user/email", handle: refuseUserEmail},
		{method: get, pattern: p + "/status", handle: getStatuses},
		{method: get, pattern: p + "/project/{projectIdOrKey}", handle: getProject},
		{method: get, pattern: p + "/project/{projectIdOrKey}/statuses", handle: getProjectStatuses},
		{method: get, pattern: p + "/priority", handle: getPriorities},
		{method: get, pattern: p + "/priority/search", handle: searchPriorities},
		{method: get, pattern: p + "/resolution", handle: getResolutions},
		{method: get, pattern: p + "/resolution/search", handle: searchResolutions},
		{method: get, pattern: p + "/issueLinkType", handle: getLinkTypes},
		{method: get, pattern: p + "/task/{taskId}", handle: getTask},
	}
}

func searchRoutes() []route {
	const p = "/rest/api/3"
	return []route{
		{method: get, pattern: p + "/search/jql", handle: getSearch, access: emptyForAnonymous},
		{method: post, pattern: p + "/search/jql", handle: postSearch, access: emptyForAnonymous},
		{method: post, pattern: p + "/search/approximate-count", handle: approximateCount},
		{method: post, pattern: p + "/jql/match", handle: matchJQL},
		{method: get, pattern: p + "/search", handle: removedSearch, access: openToAll},
		{method: post, pattern: p + "/search", handle: removedSearch, access: openToAll},
	}
}

func issueRoutes() []route {
	const p = "/rest/api/3/issue"
	return []route{
		{method: post, pattern: p, handle: createIssue},
		{method: post, pattern: p + "/bulkfetch", handle: bulkFetch},
		{method: put, pattern: p + "/properties/{propertyKey}", handle: bulkPutProperty},
		{method: get, pattern: p + "/{issueIdOrKey}", handle: getIssue},
		{method: put, pattern: p + "/{issueIdOrKey}", handle: putIssue},
		{method: del, pattern: p + "/{issueIdOrKey}", handle: deleteIssue},
		{method: put, pattern: p + "/{issueIdOrKey}/assignee", handle: putAssignee},
		{method: get, pattern: p + "/{issueIdOrKey}/transitions", handle: getTransitions},
		{method: post, pattern: p + "/{issueIdOrKey}/transitions", handle: postTransition},
		{method: get, pattern: p + "/{issueIdOrKey}/changelog", handle: getChangelog},
		{method: post, pattern: "/rest/api/3/changelog/bulkfetch", handle: bulkChangelog},
	}
}

func issuePartRoutes() []route {
	const p = "/rest/api/3/issue/{issueIdOrKey}"
	return []route{
		{method: get, pattern: p + "/comment", handle: getComments},
		{method: post, pattern: p + "/comment", handle: postComment},
		{method: get, pattern: p + "/comment/{id}", handle: getComment},
		{method: put, pattern: p + "/comment/{id}", handle: putComment},
		{method: del, pattern: p + "/comment/{id}", handle: deleteComment},
		{method: get, pattern: p + "/properties", handle: getPropertyKeys},
		{method: get, pattern: p + "/properties/{propertyKey}", handle: getProperty},
		{method: put, pattern: p + "/properties/{propertyKey}", handle: putProperty},
		{method: del, pattern: p + "/properties/{propertyKey}", handle: deleteProperty},
		{method: get, pattern: p + "/remotelink", handle: getRemoteLinks},
		{method: post, pattern: p + "/remotelink", handle: postRemoteLink},
		{method: del, pattern: p + "/remotelink", handle: deleteRemoteLink},
		{method: post, pattern: p + "/attachments", handle: postAttachments},
		{method: get, pattern: "/rest/api/3/attachment/meta", handle: getAttachmentMeta, access: openToAll},
		{method: get, pattern: "/rest/api/3/attachment/content/{id}", handle: getAttachmentContent},
		{method: get, pattern: "/rest/api/3/attachment/{id}", handle: getAttachment},
		{method: del, pattern: "/rest/api/3/attachment/{id}", handle: deleteAttachment},
		{method: post, pattern: "/rest/api/3/issueLink", handle: postLink},
		{method: get, pattern: "/rest/api/3/issueLink/{linkId}", handle: getLink},
		{method: del, pattern: "/rest/api/3/issueLink/{linkId}", handle: deleteLink},
	}
}

func deskRoutes() []route {
	const p, d = "/rest/servicedeskapi", "/rest/servicedeskapi/servicedesk/{serviceDeskId}"
	return []route{
		{method: get, pattern: p + "/info", handle: getDeskInfo, access: openToAll},
		{method: get, pattern: p + "/servicedesk", handle: getDesks},
		{method: get, pattern: p + "/requesttype", handle: getAllRequestTypes, experimental: true},
		{method: get, pattern: d, handle: getDesk},
		{method: get, pattern: d + "/requesttype", handle: getRequestTypes},
		{method: get, pattern: d + "/requesttype/{requestTypeId}", handle: getRequestType},
		{method: get, pattern: d + "/requesttype/{requestTypeId}/field", handle: getRequestTypeFields},
		{method: get, pattern: d + "/customer", handle: getCustomers, experimental: true, agentsOnly: true},
		{method: post, pattern: d + "/customer", handle: addCustomers, agentsOnly: true},
		{method: del, pattern: d + "/customer", handle: removeCustomers, experimental: true, agentsOnly: true},
		{method: post, pattern: d + "/attachTemporaryFile", handle: attachTemporaryFile},
		{method: post, pattern: p + "/customer", handle: createCustomer, agentsOnly: true},
	}
}

func requestRoutes() []route {
	const p, r = "/rest/servicedeskapi/request", "/rest/servicedeskapi/request/{issueIdOrKey}"
	return []route{
		{method: post, pattern: p, handle: createRequest},
		{method: get, pattern: p, handle: listRequests},
		{method: get, pattern: r, handle: getRequest},
		{method: get, pattern: r + "/status", handle: getRequestStatus},
		{method: get, pattern: r + "/approval", handle: getApprovals},
		{method: get, pattern: r + "/approval/{approvalId}", handle: getApproval},
		{method: post, pattern: r + "/approval/{approvalId}", handle: answerApproval},
		{method: get, pattern: r + "/comment", handle: getRequestComments},
		{method: post, pattern: r + "/comment", handle: postRequestComment},
		{method: get, pattern: r + "/comment/{commentId}", handle: getRequestComment},
		{method: get, pattern: r + "/participant", handle: getParticipants},
		{method: post, pattern: r + "/participant", handle: addParticipants},
		{method: del, pattern: r + "/participant", handle: removeParticipants},
		{method: get, pattern: r + "/transition", handle: getCustomerTransitions},
		{method: post, pattern: r + "/transition", handle: postCustomerTransition},
		{method: get, pattern: r + "/attachment", handle: getRequestAttachments},
		{method: post, pattern: r + "/attachment", handle: postRequestAttachment},
	}
}
