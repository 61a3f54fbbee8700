package jira

import (
	"net/http"
	"strconv"
	"strings"
)

type category struct {
	id               int
	key, name, color string
}

func categories() []category {
	return []category{{2, "new", "To Do", "blue-gray"}, {4, "indeterminate", "In Progress", "yellow"}, {3, "done", "Done", "green"}}
}

func (c *call) category(key string) obj {
	for _, cat := range categories() {
		if cat.key == key {
			return obj{"self": c.api() + "/statuscategory/" + strconv.Itoa(cat.id), "id": cat.id, "key": cat.key,
				"colorName": cat.color, "name": cat.name}
		}
	}
	return obj{"id": 1, "key": "undefined", "colorName": "medium-gray", "name": "No Category"}
}

func (c *call) status(st *Status) obj {
	return obj{"self": c.api() + "/status/" + st.ID, "id": st.ID, "name": st.Name, "description": "",
		"iconUrl": c.base + "/images/icons/statuses/generic.png", "statusCategory": c.category(st.Category)}
}

func getStatuses(c *call) (reply, error) { return ok(c.statuses()), nil }

func (c *call) statuses() []any {
	out := make([]any, len(c.w.flow.Statuses))
	for i := range c.w.flow.Statuses {
		out[i] = c.status(&c.w.flow.Statuses[i])
	}
	return out
}

func (c *call) pathProject() (*project, error) {
	key := c.vars["projectIdOrKey"]
	for _, p := range c.w.projects {
		if strings.EqualFold(p.key, key) || strconv.Itoa(p.id) == key {
			return p, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "No project could be found with key '%s'.", key)
}

func (c *call) issueType(id string) obj {
	return obj{"self": c.api() + "/issuetype/" + id, "id": id, "name": issueTypeName(id), "description": "",
		"subtask": false, "iconUrl": c.base + "/images/icons/issuetypes/generic.png", "hierarchyLevel": 0}
}

func (c *call) project(p *project) obj {
	return obj{"self": c.api() + "/project/" + strconv.Itoa(p.id), "id": strconv.Itoa(p.id), "key": p.key, "name": p.name,
		"projectTypeKey": "service_desk", "simplified": false, "avatarUrls": c.avatars()}
}

func getProject(c *call) (reply, error) {
	p, err := c.pathProject()
	if err != nil {
		return reply{}, err
	}
	types := []any{}
	for _, t := range issueTypes() {
		types = append(types, c.issueType(t[0]))
	}
	out := c.project(p)
	out["style"] = "classic"
	out["isPrivate"] = false
	out["issueTypes"] = types
	return ok(out), nil
}

func getProjectStatuses(c *call) (reply, error) {
	if _, err := c.pathProject(); err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, t := range issueTypes() {
		out = append(out, obj{"self": c.api() + "/issuetype/" + t[0], "id": t[0], "name": t[1], "subtask": false, "statuses": c.statuses()})
	}
	return ok(out), nil
}

func priorities() []string { return []string{"Highest", "High", "Medium", "Low", "Lowest"} }

func (c *call) priority(id string) any {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(priorities()) {
		return nil
	}
	return obj{"self": c.api() + "/priority/" + id, "id": id, "name": priorities()[n-1],
		"iconUrl": c.base + "/images/icons/priorities/" + id + ".svg"}
}

func (c *call) priorityList() []any {
	out := []any{}
	for i := range priorities() {
		out = append(out, c.priority(strconv.Itoa(i+1)))
	}
	return out
}

func getPriorities(c *call) (reply, error) { return ok(c.priorityList()), nil }

func searchPriorities(c *call) (reply, error) { return c.platformPage(c.priorityList()) }

func (c *call) resolution(name string) any {
	if name == "" {
		return nil
	}
	id := c.w.resolutionID(name)
	return obj{"self": c.api() + "/resolution/" + id, "id": id, "name": name, "description": ""}
}

func (c *call) resolutionList() []any {
	out := []any{}
	for _, r := range c.w.cfg.Resolutions {
		out = append(out, c.resolution(r))
	}
	return out
}

func getResolutions(c *call) (reply, error) { return ok(c.resolutionList()), nil }

func searchResolutions(c *call) (reply, error) { return c.platformPage(c.resolutionList()) }

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
