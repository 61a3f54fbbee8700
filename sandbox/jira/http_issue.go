package jira

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// issueChange is the platform's IssueUpdateDetails.
type issueChange struct {
	Fields          map[string]json.RawMessage `json:"fields"`
	Update          map[string][]operation     `json:"update"`
	Properties      []property                 `json:"properties"`
	HistoryMetadata json.RawMessage            `json:"historyMetadata"`
	Transition      *struct {
		ID string `json:"id"`
	} `json:"transition"`
}

// pathIssue finds the issue of the path. Not existing and not visible are the
// same 404.
func (c *call) pathIssue() (*issue, error) {
	is := c.w.find(c.vars["issueIdOrKey"])
	if is == nil || c.who == nil || !c.who.browses() {
		return nil, noIssue()
	}
	return is, nil
}

// writeIssue is pathIssue for calls that change it.
func (c *call) writeIssue() (*issue, error) {
	is, err := c.pathIssue()
	if err != nil {
		return nil, err
	}
	return is, c.s.limits.write(c, is)
}

func createIssue(c *call) (reply, error) {
	var in issueChange
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if !c.who.browses() {
		return reply{}, refuse(http.StatusForbidden, "You do not have permission to create issues in this project.")
	}
	p, kind, err := c.createTarget(in.Fields)
	if err != nil {
		return reply{}, err
	}
	if err := checkAll(in.Properties); err != nil {
		return reply{}, err
	}
	is, err := c.buildIssue(p, kind, in)
	if err != nil {
		return reply{}, err
	}
	id := strconv.Itoa(is.id)
	return created(obj{"id": id, "key": is.key, "self": c.api() + "/issue/" + id}), nil
}

func (c *call) createTarget(fields map[string]json.RawMessage) (*project, string, error) {
	var ref struct{ ID, Key, Name string }
	if json.Unmarshal(fields["project"], &ref) != nil || ref.ID+ref.Key == "" {
		return nil, "", badField("project", "project is required")
	}
	var p *project
	for _, q := range c.w.projects {
		if strings.EqualFold(q.key, ref.Key) || ref.ID != "" && strconv.Itoa(q.id) == ref.ID {
			p = q
		}
	}
	if p == nil {
		return nil, "", badField("project", "valid project is required")
	}
	ref.ID, ref.Name = "", ""
	if json.Unmarshal(fields["issuetype"], &ref) == nil {
		for _, t := range issueTypes() {
			if t[0] == ref.ID || strings.EqualFold(t[1], ref.Name) {
				return p, t[0], nil
			}
		}
	}
	return nil, "", badField("issuetype", "Specify a valid issue type")
}

// buildIssue validates on an issue that is not filed yet, so that a refusal
// leaves nothing behind.
func (c *call) buildIssue(p *project, kind string, in issueChange) (*issue, error) {
	if _, given := in.Fields["summary"]; !given {
		return nil, badField("summary", "You must specify a summary of the issue.")
	}
	is := c.w.newIssue(p, kind, c.who.AccountID, c.who.AccountID)
	delete(in.Fields, "project")
	delete(in.Fields, "issuetype")
	if _, err := c.setFields(is, in); err != nil {
		p.last--
		return nil, err
	}
	for _, prop := range in.Properties {
		c.w.setProperty(is, prop)
	}
	c.w.file(is)
	return is, nil
}

// setFields applies "fields" and "update" and returns what changed.
func (c *call) setFields(is *issue, in issueChange) ([]changeItem, error) {
	var items []changeItem
	for _, id := range slices.Sorted(maps.Keys(in.Fields)) {
		if _, twice := in.Update[id]; twice {
			return nil, badField(id, "Field '%s' cannot appear in both 'fields' and 'update'", id)
		}
		more, err := c.setField(is, id, in.Fields[id])
		if err != nil {
			return nil, err
		}
		items = append(items, more...)
	}
	for _, id := range slices.Sorted(maps.Keys(in.Update)) {
		more, err := c.updateField(is, id, in.Update[id])
		if err != nil {
			return nil, err
		}
		items = append(items, more...)
	}
	return items, nil
}

func (c *call) setField(is *issue, id string, raw json.RawMessage) ([]changeItem, error) {
	if id == "priority" {
		return c.setPriority(is, raw)
	}
	f := c.w.field(id)
	if f == nil {
		return nil, notScreened(id)
	}
	if f.Type == "sd-customerrequesttype" {
		return nil, refuse(http.StatusInternalServerError, "Internal server error")
	}
	return c.w.set(is, f, raw, c.dialect())
}

func (c *call) setPriority(is *issue, raw json.RawMessage) ([]changeItem, error) {
	var ref struct{ ID, Name string }
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, badField("priority", "data was not an object")
	}
	for i, name := range priorities() {
		id := strconv.Itoa(i + 1)
		if ref.ID != id && !strings.EqualFold(ref.Name, name) {
			continue
		}
		item := changeItem{field: "priority", fieldID: "priority", kind: "jira", from: is.priority, to: id, toString: name}
		if is.priority == id {
			return nil, nil
		}
		is.priority = id
		return []changeItem{item}, nil
	}
	return nil, badField("priority", "Priority name '%s' is not valid", ref.Name)
}

// updateField applies {"set": …} to any field and add and remove to labels.
func (c *call) updateField(is *issue, id string, ops []operation) ([]changeItem, error) {
	labels := slices.Clone(is.labels)
	for _, op := range ops {
		if raw, set := op["set"]; set {
			return c.setField(is, id, raw)
		}
		var label string
		switch {
		case id != "labels":
			return nil, badField(id, "Field '%s' does not support the operation.", id)
		case json.Unmarshal(op["add"], &label) == nil && op["add"] != nil:
			labels = append(labels, label)
		case json.Unmarshal(op["remove"], &label) == nil && op["remove"] != nil:
			labels = slices.DeleteFunc(labels, func(l string) bool { return l == label })
		default:
			return nil, badField(id, "The operation is not valid for the field '%s'.", id)
		}
	}
	raw, err := json.Marshal(labels)
	if err != nil {
		return nil, err
	}
	return c.setField(is, "labels", raw)
}

func getIssue(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	if err := checkExpand(c.list("expand")); err != nil {
		return reply{}, err
	}
	out := c.issue(is, selectFields(c.list("fields"), "*all"), c.list("properties"))
	c.expand(out, is, c.list("expand"))
	return ok(out), nil
}

// checkExpand refuses expansions that are not modelled.
func checkExpand(what []string) error {
	for _, e := range what {
		switch e {
		case "changelog", "transitions", "names", "":
		default:
			return refuse(http.StatusNotImplemented, "expand=%s is not modelled.", e)
		}
	}
	return nil
}

func (c *call) expand(out obj, is *issue, what []string) {
	if slices.Contains(what, "changelog") {
		all := c.changelogOf(is)
		slices.Reverse(all)
		out["changelog"] = obj{"startAt": 0, "maxResults": len(all), "total": len(all), "histories": all}
	}
	if slices.Contains(what, "transitions") {
		out["transitions"] = c.transitions(is, false)
	}
	if slices.Contains(what, "names") {
		out["names"] = c.fieldNames()
	}
}

func (c *call) fieldNames() obj {
	names := obj{}
	for _, f := range c.w.fields {
		names[f.ID] = f.Name
	}
	return names
}

// putIssue ignores "transition", as the platform does.
func putIssue(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	var in issueChange
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if in.Transition != nil {
		c.s.violation("PUT %s: 'transition' is ignored here; use the transitions resource", c.path)
	}
	if err := checkAll(in.Properties); err != nil {
		return reply{}, err
	}
	before := *is
	before.custom = cloneValues(is.custom)
	items, err := c.setFields(is, in)
	if err != nil {
		*is = before
		return reply{}, err
	}
	c.w.record(is, c.who.AccountID, in.HistoryMetadata, items...)
	for _, p := range in.Properties {
		c.w.setProperty(is, p)
	}
	if c.query.Get("returnIssue") == "true" {
		return ok(c.issue(is, selectFields(nil, "*all"), nil)), nil
	}
	return noContent(), nil
}

func deleteIssue(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	c.w.remove(is)
	return noContent(), nil
}
