package jira

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/jira/world"
)

// selection is the client's choice of fields: names, *all, *navigable and
// -name.
type selection struct {
	all     bool
	names   []string
	without []string
}

func selectFields(names []string, def ...string) selection {
	if len(names) == 0 {
		names = def
	}
	var s selection
	for _, n := range names {
		switch {
		case n == "*all" || n == "*navigable":
			s.all = true
		case strings.HasPrefix(n, "-"):
			s.without = append(s.without, n[1:])
		default:
			s.names = append(s.names, n)
		}
	}
	if len(s.names) == 0 && len(s.without) > 0 {
		s.all = true
	}
	return s
}

func (s selection) has(id string) bool {
	return !slices.Contains(s.without, id) && (s.all || slices.Contains(s.names, id))
}

// idOnly is the default of search: issues with nothing but an id.
func (s selection) idOnly() bool {
	return !s.all && len(s.names) == 1 && s.names[0] == "id"
}

// issue renders an issue with the chosen fields and properties.
func (c *call) issue(is *world.LiveIssue, s selection, props []string) obj {
	id := strconv.Itoa(is.ID)
	out := obj{"id": id}
	if !s.idOnly() {
		out["key"], out["self"], out["expand"] = is.Key, c.api()+"/issue/"+id, "renderedFields,names,schema,operations,editmeta,changelog"
	}
	if fields := c.issueFields(is, s); len(fields) > 0 {
		out["fields"] = fields
	}
	if len(props) > 0 {
		out["properties"] = pickProperties(is, props)
	}
	return out
}

func pickProperties(is *world.LiveIssue, names []string) obj {
	out := obj{}
	for key, value := range is.Properties {
		if slices.Contains(names, key) || slices.Contains(names, "*all") {
			out[key] = value
		}
	}
	return out
}

func (c *call) issueFields(is *world.LiveIssue, s selection) obj {
	out := obj{}
	for i := range c.site.Fields {
		if f := &c.site.Fields[i]; s.has(f.ID) {
			out[f.ID] = c.fieldValue(is, f)
		}
	}
	return out
}

// fieldValue is one field's value. The list is long because every field of Jira has
// a form of its own.
func (c *call) fieldValue(is *world.LiveIssue, f *world.Field) any {
	switch f.ID {
	case "issuetype":
		return c.issueType(is.TypeID)
	case "project":
		return c.project(is.Project)
	case "status":
		return c.status(is.Status)
	case "resolution":
		return c.resolution(is.Resolution)
	case "priority":
		return c.priority(is.Priority)
	case "creator":
		return c.user(is.Creator)
	case "created":
		return c.stamp(is.Created)
	case "updated":
		return c.stamp(is.Updated)
	case "resolutiondate":
		return c.optionalStamp(is.Resolved)
	case "statuscategorychangedate":
		return c.stamp(is.CategoryChanged)
	case "issuelinks":
		return c.issueLinks(is)
	case "attachment":
		return c.attachments(is)
	case "comment":
		return c.commentPage(is)
	}
	return c.customValue(is, f)
}

func (c *call) optionalStamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return c.stamp(t)
}

func (c *call) customValue(is *world.LiveIssue, f *world.Field) any {
	switch {
	case f.Type == "sd-approvals":
		return c.approvalList(is)
	case f.Type == "sd-customerrequesttype":
		return c.requestTypeValue(is)
	case f.ID == world.FieldParticipants:
		return c.userList(is.Participants)
	case f.ID == "labels":
		return append([]string{}, is.Labels...)
	}
	switch v := c.site.FieldValue(is, f).(type) {
	case world.RichText:
		return c.richValue(v)
	case string:
		return c.textValue(f, v)
	case []string:
		if f.Kind() == world.KindUsers {
			return c.userList(v)
		}
		if f.Kind() == world.KindOptions {
			return listOf(v, func(o string) any { return c.option(f, o) })
		}
		return v
	case float64:
		return v
	}
	return nil
}

func (c *call) textValue(f *world.Field, v string) any {
	switch f.Kind() {
	case world.KindUser:
		return c.user(v)
	case world.KindOption:
		return c.option(f, v)
	}
	return v
}

func (c *call) option(f *world.Field, v string) obj {
	id := world.OptionID(f, slices.Index(f.Options, v))
	return obj{"self": c.api() + "/customFieldOption/" + id, "value": v, "id": id}
}

// listOf renders each of some values; without any the field is null.
func listOf(values []string, render func(string) any) any {
	if len(values) == 0 {
		return nil
	}
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = render(v)
	}
	return out
}

// richValue is a document in version 3 and wiki text elsewhere.
func (c *call) richValue(v world.RichText) any {
	if v.Empty() {
		return nil
	}
	if c.dialect() == world.ADFText {
		return v.ADF
	}
	return v.Wiki
}

func (c *call) userList(ids []string) any { return listOf(ids, c.user) }

func (c *call) requestTypeValue(is *world.LiveIssue) any {
	if !is.Request {
		return nil
	}
	return obj{"requestType": c.requestType(), "currentStatus": c.deskStatus(is.Visits[len(is.Visits)-1]),
		"_links": c.requestLinks(is)}
}

func (c *call) changelogOf(is *world.LiveIssue) []any {
	out := make([]any, len(is.History))
	for i, h := range is.History {
		out[i] = c.change(h)
	}
	return out
}

func (c *call) change(h *world.LiveChange) obj {
	items := make([]any, len(h.Items))
	for i, it := range h.Items {
		item := obj{"field": it.Field, "fieldtype": it.Kind, "from": orNull(it.From), "fromString": orNull(it.FromString),
			"to": orNull(it.To), "toString": orNull(it.ToString)}
		if it.FieldID != "" {
			item["fieldId"] = it.FieldID
		}
		items[i] = item
	}
	out := obj{"id": strconv.Itoa(h.ID), "author": c.user(h.Author), "created": c.stamp(h.At), "items": items}
	if len(h.Metadata) > 0 {
		out["historyMetadata"] = json.RawMessage(h.Metadata)
	}
	return out
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
