package jira

import (
	"net/http"
	"strconv"
	"strings"

	"latchkey/sandbox/jira/world"
)

func (c *call) category(key string) obj {
	for _, cat := range world.Categories() {
		if cat.Key == key {
			return obj{"self": c.api() + "/statuscategory/" + strconv.Itoa(cat.ID), "id": cat.ID, "key": cat.Key,
				"colorName": cat.Color, "name": cat.Name}
		}
	}
	return obj{"id": 1, "key": "undefined", "colorName": "medium-gray", "name": "No Category"}
}

func (c *call) status(st *world.Status) obj {
	return obj{"self": c.api() + "/status/" + st.ID, "id": st.ID, "name": st.Name, "description": "",
		"iconUrl": c.base + "/images/icons/statuses/generic.png", "statusCategory": c.category(st.Category)}
}

func (c *call) statuses() []any {
	out := make([]any, len(c.site.Workflow.Statuses))
	for i := range c.site.Workflow.Statuses {
		out[i] = c.status(&c.site.Workflow.Statuses[i])
	}
	return out
}

func (c *call) pathProject() (*world.Project, error) {
	key := c.vars["projectIdOrKey"]
	for _, p := range c.site.Projects {
		if strings.EqualFold(p.Key, key) || strconv.Itoa(p.ID) == key {
			return p, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "No project could be found with key '%s'.", key)
}

func (c *call) issueType(id string) obj {
	return obj{"self": c.api() + "/issuetype/" + id, "id": id, "name": world.IssueTypeName(id), "description": "",
		"subtask": false, "iconUrl": c.base + "/images/icons/issuetypes/generic.png", "hierarchyLevel": 0}
}

func (c *call) project(p *world.Project) obj {
	return obj{"self": c.api() + "/project/" + strconv.Itoa(p.ID), "id": strconv.Itoa(p.ID), "key": p.Key, "name": p.Name,
		"projectTypeKey": "service_desk", "simplified": false, "avatarUrls": c.avatars()}
}

func (c *call) priority(id string) any {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(world.Priorities()) {
		return nil
	}
	return obj{"self": c.api() + "/priority/" + id, "id": id, "name": world.Priorities()[n-1],
		"iconUrl": c.base + "/images/icons/priorities/" + id + ".svg"}
}

func (c *call) priorityList() []any {
	out := []any{}
	for i := range world.Priorities() {
		out = append(out, c.priority(strconv.Itoa(i+1)))
	}
	return out
}

func (c *call) resolution(name string) any {
	if name == "" {
		return nil
	}
	id := c.site.ResolutionID(name)
	return obj{"self": c.api() + "/resolution/" + id, "id": id, "name": name, "description": ""}
}

func (c *call) resolutionList() []any {
	out := []any{}
	for _, r := range c.site.Settings.Resolutions {
		out = append(out, c.resolution(r))
	}
	return out
}

// platformPage cuts one page by startAt and maxResults.
func (c *call) platformPage(all []any) (reply, error) {
	start, err := c.number("startAt", 0)
	if err != nil {
		return reply{}, err
	}
	size, err := c.number("maxResults", 50)
	if err != nil {
		return reply{}, err
	}
	values := window(all, start, size)
	out := obj{"self": c.base + c.r.URL.RequestURI(), "startAt": start, "maxResults": size, "total": len(all),
		"isLast": start+len(values) >= len(all), "values": values}
	return ok(out), nil
}

func window(all []any, start, size int) []any {
	start = min(start, len(all))
	return append([]any{}, all[start:min(len(all), start+size)]...)
}
