package jira

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deskPage cuts one page by start and limit in the service desk's envelope.
func (c *call) deskPage(all []any) (reply, error) {
	start, err := c.number("start", 0)
	if err != nil {
		return reply{}, err
	}
	limit, err := c.number("limit", 50)
	if err != nil {
		return reply{}, err
	}
	return ok(c.envelope(all, start, max(1, min(limit, 100)), c.r.URL)), nil
}

func (c *call) envelope(all []any, start, limit int, at *url.URL) obj {
	values := window(all, start, limit)
	last := start+len(values) >= len(all)
	links := obj{"base": c.base, "context": "", "self": c.base + at.RequestURI()}
	if !last {
		next := *at
		q := next.Query()
		q.Set("start", strconv.Itoa(start+limit))
		q.Set("limit", strconv.Itoa(limit))
		next.RawQuery = q.Encode()
		links["next"] = c.base + next.RequestURI()
	}
	return obj{"_expands": []string{}, "size": len(values), "start": start, "limit": limit, "isLastPage": last, "_links": links, "values": values}
}

func (c *call) date(t time.Time) obj { return deskDate(t, c.loc()) }

// deskUser is the service desk's user object.
func (c *call) deskUser(id string) obj {
	a := c.w.accounts[id]
	if a == nil {
		return obj{"accountId": id, "displayName": "Former user", "active": false}
	}
	u := obj{"accountId": id, "displayName": a.DisplayName, "active": a.Active, "timeZone": a.TimeZone,
		"_links": obj{"jiraRest": c.base + "/rest/api/2/user?accountId=" + url.QueryEscape(id),
			"self": c.base + "/rest/api/2/user?accountId=" + url.QueryEscape(id), "avatarUrls": c.avatars()}}
	if !a.HideEmail && a.Email != "" {
		u["emailAddress"] = a.Email
	}
	return u
}

func (c *call) deskUsers(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = c.deskUser(id)
	}
	return out
}

func getDeskInfo(c *call) (reply, error) {
	return ok(obj{"version": "5.17.0-SNAPSHOT", "platformVersion": "1001.0.0-SNAPSHOT", "buildChangeSet": "cbff30ae",
		"buildDate": c.date(time.Date(2026, 6, 18, 9, 12, 44, 0, time.UTC)), "isLicensedForUse": true,
		"_links": obj{"self": c.deskAPI() + "/info"}}), nil
}

func (c *call) deskObject() obj {
	cfg := c.s.cfg
	p := c.w.projects[strings.ToUpper(cfg.ProjectKey)]
	return obj{"id": cfg.DeskID, "projectId": strconv.Itoa(p.id), "projectName": p.name, "projectKey": p.key,
		"projectTypeKey": "service_desk", "_links": obj{"self": c.deskAPI() + "/servicedesk/" + cfg.DeskID}}
}

func getDesks(c *call) (reply, error) { return c.deskPage([]any{c.deskObject()}) }

// isDesk accepts every spelling of the desk's id.
func (c *call) isDesk(id string) bool {
	cfg := c.s.cfg
	p := c.w.projects[strings.ToUpper(cfg.ProjectKey)]
	return id == cfg.DeskID || strings.EqualFold(strings.TrimPrefix(id, "projectKey:"), p.key) || id == "projectId:"+strconv.Itoa(p.id)
}

func (c *call) checkDesk() error {
	if !c.isDesk(c.vars["serviceDeskId"]) {
		return &problem{status: http.StatusNotFound, message: "The Service Desk you are trying to view does not exist.", i18n: "sd.admin.servicedesk.error.not.found"}
	}
	return nil
}

func getDesk(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	return ok(c.deskObject()), nil
}

func (c *call) requestType() obj {
	cfg := c.s.cfg
	self := c.deskAPI() + "/servicedesk/" + cfg.DeskID + "/requesttype/" + cfg.RequestTypeID
	return obj{"_expands": []string{"field"}, "id": cfg.RequestTypeID, "_links": obj{"self": self}, "name": cfg.RequestTypeName,
		"description": "Ask for access to an application.", "helpText": "", "issueTypeId": issueTypes()[0][0],
		"serviceDeskId": cfg.DeskID, "portalId": cfg.DeskID, "groupIds": []string{"12"},
		"icon":     obj{"id": "10527", "_links": obj{"iconUrls": c.avatars()}},
		"practice": "service_request", "restrictionStatus": "OPEN", "canCreateRequest": true}
}

func getAllRequestTypes(c *call) (reply, error) { return c.deskPage([]any{c.requestType()}) }

func getRequestTypes(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	all := []any{c.requestType()}
	if q := strings.ToLower(c.query.Get("searchQuery")); q != "" && !strings.Contains(strings.ToLower(c.s.cfg.RequestTypeName), q) {
		all = []any{}
	}
	return c.deskPage(all)
}

func (c *call) checkRequestType() error {
	if err := c.checkDesk(); err != nil {
		return err
	}
	if c.vars["requestTypeId"] != c.s.cfg.RequestTypeID {
		return &problem{status: http.StatusNotFound, message: "The request type does not exist.", i18n: "sd.admin.requesttype.error.not.found"}
	}
	return nil
}

func getRequestType(c *call) (reply, error) {
	if err := c.checkRequestType(); err != nil {
		return reply{}, err
	}
	return ok(c.requestType()), nil
}

func getRequestTypeFields(c *call) (reply, error) {
	if err := c.checkRequestType(); err != nil {
		return reply{}, err
	}
	fields := []any{}
	for i := range c.w.fields {
		if f := &c.w.fields[i]; f.OnForm {
			fields = append(fields, obj{"fieldId": f.ID, "name": f.Name, "description": "", "required": f.Required,
				"defaultValues": []any{}, "presetValues": []string{}, "validValues": f.validValues(), "jiraSchema": f.schema(), "visible": true})
		}
	}
	return ok(obj{"requestTypeFields": fields, "canRaiseOnBehalfOf": c.who.Agent && !c.s.cfg.NoRaiseOnBehalfOf,
		"canAddRequestParticipants": true}), nil
}

func (f *Field) validValues() []any {
	out := []any{}
	for i, o := range f.Options {
		out = append(out, obj{"value": optionID(f, i), "label": o, "children": []any{}})
	}
	return out
}

func getCustomers(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	query := strings.ToLower(c.query.Get("query"))
	out := []any{}
	for _, id := range c.w.people {
		if a := c.w.accounts[id]; a.Customer && (query == "" || a.matches(query)) {
			out = append(out, c.deskUser(id))
		}
	}
	return c.deskPage(out)
}

type accountIDs struct {
	AccountIDs []string `json:"accountIds"`
}

func addCustomers(c *call) (reply, error)    { return c.setCustomers(true) }
func removeCustomers(c *call) (reply, error) { return c.setCustomers(false) }

// setCustomers refuses unknown accounts, but the valid ones are still added.
func (c *call) setCustomers(on bool) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	var in accountIDs
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	var unknown []string
	for _, id := range in.AccountIDs {
		if a := c.w.accounts[id]; a != nil {
			a.Customer = on
			c.w.changed = true
		} else {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) > 0 {
		return reply{}, refuse(http.StatusBadRequest, "Unable to find user with account ID: %s", strings.Join(unknown, ", "))
	}
	return noContent(), nil
}

// createCustomer needs global administration; an agent gets 403.
func createCustomer(c *call) (reply, error) {
	var in struct {
		Email       string `json:"email"`
		DisplayName string `json:"displayName"`
		FullName    string `json:"fullName"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if !c.who.Admin {
		return reply{}, refuse(http.StatusForbidden, "Unauthorized to perform the requested action, JIRA Administrators global permission is required.")
	}
	if !strings.Contains(in.Email, "@") {
		return reply{}, refuse(http.StatusBadRequest, "The email address is not valid.")
	}
	known := slices.ContainsFunc(c.w.people, func(id string) bool { return strings.EqualFold(c.w.accounts[id].Email, in.Email) })
	if known {
		code := http.StatusBadRequest
		if c.query.Get("strictConflictStatusCode") == "true" {
			code = http.StatusConflict
		}
		return reply{}, refuse(code, "An account already exists for this email.")
	}
	a := c.w.addAccount(Account{Email: in.Email, DisplayName: in.DisplayName + in.FullName, Active: true, Customer: true, AccountType: "customer"})
	return created(c.deskUser(a.AccountID)), nil
}
