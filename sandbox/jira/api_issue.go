package jira

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"latchkey/sandbox/jira/world"
)

func createIssue(c *call) (reply, error) {
	var in issueChange
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if !c.who.Browses() {
		return reply{}, refuse(http.StatusForbidden, "You do not have permission to create issues in this project.")
	}
	p, kind, err := c.createTarget(in.Fields)
	if err != nil {
		return reply{}, err
	}
	if err := world.CheckProperties(in.Properties); err != nil {
		return reply{}, err
	}
	is, err := c.buildIssue(p, kind, in)
	if err != nil {
		return reply{}, err
	}
	id := strconv.Itoa(is.ID)
	return created(obj{"id": id, "key": is.Key, "self": c.api() + "/issue/" + id}), nil
}

func (c *call) createTarget(fields map[string]json.RawMessage) (*world.Project, string, error) {
	var ref struct{ ID, Key, Name string }
	if json.Unmarshal(fields["project"], &ref) != nil || ref.ID+ref.Key == "" {
		return nil, "", world.BadField("project", "project is required")
	}
	var p *world.Project
	for _, q := range c.site.Projects {
		if strings.EqualFold(q.Key, ref.Key) || ref.ID != "" && strconv.Itoa(q.ID) == ref.ID {
			p = q
		}
	}
	if p == nil {
		return nil, "", world.BadField("project", "valid project is required")
	}
	ref.ID, ref.Name = "", ""
	if json.Unmarshal(fields["issuetype"], &ref) == nil {
		for _, t := range world.IssueTypes() {
			if t[0] == ref.ID || strings.EqualFold(t[1], ref.Name) {
				return p, t[0], nil
			}
		}
	}
	return nil, "", world.BadField("issuetype", "Specify a valid issue type")
}

// buildIssue makes the issue; a refusal leaves nothing behind.
func (c *call) buildIssue(p *world.Project, kind string, in issueChange) (*world.LiveIssue, error) {
	if _, given := in.Fields["summary"]; !given {
		return nil, world.BadField("summary", "You must specify a summary of the issue.")
	}
	delete(in.Fields, "project")
	delete(in.Fields, "issuetype")
	return c.site.CreateIssue(p, kind, c.who.AccountID, in.Properties, func(is *world.LiveIssue) error {
		_, err := c.setFields(is, in)
		return err
	})
}

// setFields applies "fields" and "update" and returns what changed.
func (c *call) setFields(is *world.LiveIssue, in issueChange) ([]world.ChangedField, error) {
	var items []world.ChangedField
	for _, id := range slices.Sorted(maps.Keys(in.Fields)) {
		if _, twice := in.Update[id]; twice {
			return nil, world.BadField(id, "Field '%s' cannot appear in both 'fields' and 'update'", id)
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

func (c *call) setField(is *world.LiveIssue, id string, raw json.RawMessage) ([]world.ChangedField, error) {
	if id == "priority" {
		return c.site.SetPriority(is, raw)
	}
	f := c.site.FieldByID(id)
	if f == nil {
		return nil, world.NotScreened(id)
	}
	if f.Type == "sd-customerrequesttype" {
		return nil, refuse(http.StatusInternalServerError, "Internal server error")
	}
	return c.site.SetField(is, f, raw, c.dialect())
}

// updateField applies {"set": …} to any field and add and remove to labels.
func (c *call) updateField(is *world.LiveIssue, id string, ops []world.Operation) ([]world.ChangedField, error) {
	labels := slices.Clone(is.Labels)
	for _, op := range ops {
		if raw, set := op["set"]; set {
			return c.setField(is, id, raw)
		}
		var label string
		switch {
		case id != "labels":
			return nil, world.BadField(id, "Field '%s' does not support the operation.", id)
		case json.Unmarshal(op["add"], &label) == nil && op["add"] != nil:
			labels = append(labels, label)
		case json.Unmarshal(op["remove"], &label) == nil && op["remove"] != nil:
			labels = slices.DeleteFunc(labels, func(l string) bool { return l == label })
		default:
			return nil, world.BadField(id, "The operation is not valid for the field '%s'.", id)
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
	if err := c.mayEdit(http.StatusBadRequest); err != nil {
		return reply{}, err
	}
	if in.Transition != nil {
		c.s.violation("PUT %s: 'transition' is ignored here; use the transitions resource", c.path)
	}
	if err := world.CheckProperties(in.Properties); err != nil {
		return reply{}, err
	}
	items, err := is.EditOrUndo(func() ([]world.ChangedField, error) { return c.setFields(is, in) })
	if err != nil {
		return reply{}, err
	}
	c.site.LogChange(is, c.who.AccountID, in.HistoryMetadata, items...)
	for _, p := range in.Properties {
		c.site.SetProperty(is, p)
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
	c.site.DeleteIssue(is)
	return noContent(), nil
}
