package jira

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/jira/world"
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
	a := c.site.Accounts[id]
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

func (c *call) deskObject() obj {
	cfg := c.s.cfg
	p := c.site.Projects[strings.ToUpper(cfg.ProjectKey)]
	return obj{"id": cfg.DeskID, "projectId": strconv.Itoa(p.ID), "projectName": p.Name, "projectKey": p.Key,
		"projectTypeKey": "service_desk", "_links": obj{"self": c.deskAPI() + "/servicedesk/" + cfg.DeskID}}
}

// isDesk accepts every spelling of the desk's id.
func (c *call) isDesk(id string) bool {
	cfg := c.s.cfg
	p := c.site.Projects[strings.ToUpper(cfg.ProjectKey)]
	return id == cfg.DeskID || strings.EqualFold(strings.TrimPrefix(id, "projectKey:"), p.Key) || id == "projectId:"+strconv.Itoa(p.ID)
}

func (c *call) checkDesk() error {
	if !c.isDesk(c.vars["serviceDeskId"]) {
		return &problem{status: http.StatusNotFound, message: "The Service Desk you are trying to view does not exist.", i18n: "sd.admin.servicedesk.error.not.found"}
	}
	return nil
}

func (c *call) requestType() obj {
	cfg := c.s.cfg
	self := c.deskAPI() + "/servicedesk/" + cfg.DeskID + "/requesttype/" + cfg.RequestTypeID
	return obj{"_expands": []string{"field"}, "id": cfg.RequestTypeID, "_links": obj{"self": self}, "name": cfg.RequestTypeName,
		"description": "Ask for access to an application.", "helpText": "", "issueTypeId": world.IssueTypes()[0][0],
		"serviceDeskId": cfg.DeskID, "portalId": cfg.DeskID, "groupIds": []string{"12"},
		"icon":     obj{"id": "10527", "_links": obj{"iconUrls": c.avatars()}},
		"practice": "service_request", "restrictionStatus": "OPEN", "canCreateRequest": true}
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

type accountIDs struct {
	AccountIDs []string `json:"accountIds"`
}
