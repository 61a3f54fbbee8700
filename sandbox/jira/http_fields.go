package jira

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
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
func (c *call) issue(is *issue, s selection, props []string) obj {
	id := strconv.Itoa(is.id)
	out := obj{"id": id}
	if !s.idOnly() {
		out["key"], out["self"], out["expand"] = is.key, c.api()+"/issue/"+id, "renderedFields,names,schema,operations,editmeta,changelog"
	}
	if fields := c.issueFields(is, s); len(fields) > 0 {
		out["fields"] = fields
	}
	if len(props) > 0 {
		out["properties"] = pickProperties(is, props)
	}
	return out
}

func pickProperties(is *issue, names []string) obj {
	out := obj{}
	for key, value := range is.props {
		if slices.Contains(names, key) || slices.Contains(names, "*all") {
			out[key] = value
		}
	}
	return out
}

func (c *call) issueFields(is *issue, s selection) obj {
	out := obj{}
	for i := range c.w.fields {
		if f := &c.w.fields[i]; s.has(f.ID) {
			out[f.ID] = c.fieldValue(is, f)
		}
	}
	return out
}

func (c *call) fieldValue(is *issue, f *Field) any {
	switch f.ID {
	case "issuetype":
		return c.issueType(is.kind)
	case "project":
		return c.project(is.project)
	case "status":
		return c.status(is.status)
	case "resolution":
		return c.resolution(is.resolution)
	case "priority":
		return c.priority(is.priority)
	case "creator":
		return c.user(is.creator)
	case "created":
		return c.stamp(is.created)
	case "updated":
		return c.stamp(is.updated)
	case "resolutiondate":
		return c.optionalStamp(is.resolved)
	case "statuscategorychangedate":
		return c.stamp(is.recategor)
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

func (c *call) customValue(is *issue, f *Field) any {
	switch {
	case f.Type == "sd-approvals":
		return c.approvalList(is)
	case f.Type == "sd-customerrequesttype":
		return c.requestTypeValue(is)
	case f.ID == fieldParticipants:
		return c.userList(is.participants)
	case f.ID == "labels":
		return append([]string{}, is.labels...)
	}
	switch v := c.w.value(is, f).(type) {
	case rich:
		return c.richValue(v)
	case string:
		return c.textValue(f, v)
	case []string:
		if f.kind() == kindUsers {
			return c.userList(v)
		}
		if f.kind() == kindOptions {
			return c.optionList(f, v)
		}
		return v
	case float64:
		return v
	}
	return nil
}

func (c *call) textValue(f *Field, v string) any {
	switch f.kind() {
	case kindUser:
		return c.user(v)
	case kindOption:
		return c.option(f, v)
	}
	return v
}

func (c *call) option(f *Field, v string) obj {
	id := optionID(f, slices.Index(f.Options, v))
	return obj{"self": c.api() + "/customFieldOption/" + id, "value": v, "id": id}
}

func (c *call) optionList(f *Field, chosen []string) any {
	if len(chosen) == 0 {
		return nil
	}
	out := make([]any, len(chosen))
	for i, v := range chosen {
		out[i] = c.option(f, v)
	}
	return out
}

// richValue is a document in version 3 and wiki text elsewhere.
func (c *call) richValue(v rich) any {
	if v.empty() {
		return nil
	}
	if c.dialect() == adfText {
		return v.adf
	}
	return v.wiki
}

func (c *call) userList(ids []string) any {
	if len(ids) == 0 {
		return nil
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = c.user(id)
	}
	return out
}

func (c *call) requestTypeValue(is *issue) any {
	if !is.request {
		return nil
	}
	return obj{"requestType": c.requestType(), "currentStatus": c.deskStatus(is.visits[len(is.visits)-1]),
		"_links": c.requestLinks(is)}
}

func (c *call) changelogOf(is *issue) []any {
	out := make([]any, len(is.history))
	for i, h := range is.history {
		out[i] = c.change(h)
	}
	return out
}

func (c *call) change(h *change) obj {
	items := make([]any, len(h.items))
	for i, it := range h.items {
		item := obj{"field": it.field, "fieldtype": it.kind, "from": orNull(it.from), "fromString": orNull(it.fromString),
			"to": orNull(it.to), "toString": orNull(it.toString)}
		if it.fieldID != "" {
			item["fieldId"] = it.fieldID
		}
		items[i] = item
	}
	out := obj{"id": strconv.Itoa(h.id), "author": c.user(h.author), "created": c.stamp(h.at), "items": items}
	if len(h.metadata) > 0 {
		out["historyMetadata"] = json.RawMessage(h.metadata)
	}
	return out
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
