package jira

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func getTenant(c *call) (reply, error) { return ok(obj{"cloudId": c.s.cfg.CloudID}), nil }

// user is the platform's user object, or null.
func (c *call) user(id string) any {
	if a := c.w.accounts[id]; a != nil {
		return c.person(a)
	}
	return nil
}

func (c *call) person(a *account) obj {
	id := a.AccountID
	u := obj{
		"self":      c.api() + "/user?accountId=" + url.QueryEscape(id),
		"accountId": id, "accountType": a.AccountType, "displayName": a.DisplayName,
		"active": a.Active, "timeZone": a.TimeZone, "avatarUrls": c.avatars(),
	}
	if !a.HideEmail && a.Email != "" {
		u["emailAddress"] = a.Email
	}
	return u
}

func (c *call) avatars() obj {
	out := obj{}
	for _, size := range []string{"16x16", "24x24", "32x32", "48x48"} {
		out[size] = c.base + "/avatar/" + size + ".png"
	}
	return out
}

func getMyself(c *call) (reply, error) {
	me := c.person(c.who)
	me["locale"] = "en_US"
	me["expand"] = "groups,applicationRoles"
	groups, roles := []any{}, []any{}
	if slices.Contains(c.list("expand"), "groups") {
		groups = append(groups, obj{"name": "jira-users"})
	}
	if slices.Contains(c.list("expand"), "applicationRoles") && c.who.Agent {
		roles = append(roles, obj{"key": "jira-servicedesk", "name": "Jira Service Management"})
	}
	me["groups"] = obj{"size": 1, "items": groups}
	me["applicationRoles"] = obj{"size": 1, "items": roles}
	return ok(me), nil
}

func getServerInfo(c *call) (reply, error) {
	return ok(obj{
		"baseUrl": c.base, "displayUrl": c.base, "displayUrlServicedeskHelpCenter": c.base,
		"version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0}, "deploymentType": "Cloud",
		"buildNumber": 100290, "buildDate": "2026-06-18T09:12:44.000+0000", "serverTime": c.stamp(c.w.now()),
		"scmInfo": "cbff30ae", "serverTitle": "Jira", "serverTimeZone": "Etc/UTC",
	}), nil
}

func getFields(c *call) (reply, error) {
	out := make([]any, 0, len(c.w.fields))
	for i := range c.w.fields {
		f := &c.w.fields[i]
		clauses := []string{f.ID}
		if f.Custom != "" {
			clauses = []string{"cf[" + strconv.Itoa(customNumber(f.ID)) + "]", f.Name}
		}
		out = append(out, obj{"id": f.ID, "key": f.ID, "name": f.Name, "custom": f.Custom != "",
			"orderable": true, "navigable": true, "searchable": true, "clauseNames": clauses, "schema": f.schema()})
	}
	return ok(out), nil
}

// projectPermissions are the permissions the site knows.
func projectPermissions() []string {
	return []string{"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS", "LINK_ISSUES",
		"DELETE_ISSUES", "ASSIGN_ISSUES", "CREATE_ATTACHMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS",
		"RESOLVE_ISSUES", "CLOSE_ISSUES", "MODIFY_REPORTER", "SERVICEDESK_AGENT", "ADMINISTER_PROJECTS", "ADMINISTER"}
}

func (a *account) may(permission string) bool {
	switch permission {
	case "ADMINISTER", "ADMINISTER_PROJECTS":
		return a.Admin
	case "SERVICEDESK_AGENT":
		return a.Agent
	}
	return a.browses()
}

func getMyPermissions(c *call) (reply, error) {
	asked := c.list("permissions")
	if len(asked) == 0 {
		return reply{}, refuse(http.StatusBadRequest, "The 'permissions' query parameter is required.")
	}
	if key := c.query.Get("projectKey"); key != "" && c.w.projects[strings.ToUpper(key)] == nil {
		return reply{}, refuse(http.StatusNotFound, "No project could be found with key '%s'.", key)
	}
	out := obj{}
	for _, p := range asked {
		i := slices.Index(projectPermissions(), p)
		if i < 0 {
			return reply{}, refuse(http.StatusBadRequest, "Unrecognized permission key: %s", p)
		}
		out[p] = obj{"id": strconv.Itoa(10 + i), "key": p, "name": p, "type": "PROJECT", "description": "", "havePermission": c.who.may(p)}
	}
	return ok(obj{"permissions": out}), nil
}

func getUser(c *call) (reply, error) {
	id := c.query.Get("accountId")
	if id == "" {
		return reply{}, refuse(http.StatusBadRequest, "The query parameter 'accountId' must be provided.")
	}
	u := c.user(id)
	if u == nil {
		return reply{}, refuse(http.StatusNotFound, "Specified user does not exist or you do not have required permissions")
	}
	return ok(u), nil
}

// searchUsers matches hidden addresses too, so that an answer need not show
// why somebody was found.
func searchUsers(c *call) (reply, error) {
	start, err := c.number("startAt", 0)
	if err != nil {
		return reply{}, err
	}
	size, err := c.number("maxResults", 50)
	if err != nil {
		return reply{}, err
	}
	if c.query.Get("query") == "" && c.query.Get("accountId") == "" {
		return reply{}, refuse(http.StatusBadRequest, "Either the 'query', 'accountId' or 'property' query parameter has to be provided.")
	}
	out := []any{}
	for i, a := range c.w.findPeople(c.query.Get("query")) {
		if i >= start && i < start+size {
			out = append(out, c.user(a.AccountID))
		}
	}
	if id := c.query.Get("accountId"); c.w.accounts[id] != nil {
		out = append(out, c.user(id))
	}
	return ok(out), nil
}

func refuseUserEmail(*call) (reply, error) {
	return reply{}, refuse(http.StatusBadRequest, "This API is available to approved apps only.")
}

func getTask(c *call) (reply, error) {
	t := c.w.tasks[c.vars["taskId"]]
	if t == nil {
		return reply{}, refuse(http.StatusNotFound, "The task was not found.")
	}
	return ok(t), nil
}
