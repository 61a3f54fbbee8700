package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// The keys of Config.Fields.
const (
	fieldApp       = "app"
	fieldRole      = "role"
	fieldDuration  = "duration"
	fieldReason    = "reason"
	fieldUntil     = "until"
	fieldApprovers = "approvers"
)

// form is the request type with the fields people fill in.
type form struct {
	requestType string
	issueType   string
	fields      map[string]formField // by id
	custom      map[string]string    // key of Config.Fields -> field id
}

type formField struct {
	FieldID       string
	Name          string
	Required      bool
	ValidValues   []formValue
	DefaultValues []json.RawMessage
	PresetValues  []json.RawMessage
	JiraSchema    schema
}

type formValue struct{ Value, Label string }

type schema struct{ Type, Items, Custom string }

// findForm finds the request type by its name and reads its form.
func (c *Client) findForm(ctx context.Context, s *site) error {
	rt, err := c.findRequestType(ctx, s)
	if err != nil {
		return err
	}
	s.form = form{requestType: rt.ID, issueType: rt.IssueTypeID, fields: map[string]formField{}, custom: map[string]string{}}
	var answer struct {
		RequestTypeFields  []formField
		CanRaiseOnBehalfOf bool
	}
	path := "rest/servicedeskapi/servicedesk/" + url.PathEscape(s.desk) + "/requesttype/" + url.PathEscape(rt.ID) + "/field"
	if err := c.ask(ctx, get("show the form of "+strconv.Quote(c.cfg.RequestType), path, nil), &answer); err != nil {
		return err
	}
	if !answer.CanRaiseOnBehalfOf {
		return fault("%s may not raise requests for others in project %s: make it an agent of the service project", c.account(), s.project)
	}
	for _, f := range answer.RequestTypeFields {
		s.form.fields[f.FieldID] = f
	}
	return c.checkForm(s)
}

type requestType struct{ ID, Name, IssueTypeID string }

func (c *Client) findRequestType(ctx context.Context, s *site) (requestType, error) {
	var all []string
	for start := 0; ; {
		var page struct {
			Values     []requestType
			IsLastPage bool
		}
		query := url.Values{"start": {strconv.Itoa(start)}, "limit": {"50"}}
		err := c.ask(ctx, get("list the request types of project "+s.project, "rest/servicedeskapi/servicedesk/"+url.PathEscape(s.desk)+"/requesttype", query), &page)
		if err != nil {
			return requestType{}, err
		}
		for _, rt := range page.Values {
			if strings.EqualFold(rt.Name, strings.TrimSpace(c.cfg.RequestType)) {
				return rt, nil
			}
			all = append(all, rt.Name)
		}
		if start += len(page.Values); page.IsLastPage || len(page.Values) == 0 {
			return requestType{}, fault("Project %s has no request type %q: set jira.request_type to one of %s", s.project, c.cfg.RequestType, strings.Join(all, ", "))
		}
	}
}

// checkForm finds the configured fields on the form and refuses a form that
// asks for more than Latchkey can fill in.
func (c *Client) checkForm(s *site) error {
	for _, key := range []string{fieldApp, fieldRole, fieldDuration, fieldReason} {
		want := strings.TrimSpace(c.cfg.Fields[key])
		if want == "" {
			continue
		}
		id := s.form.find(want)
		if id == "" {
			return fault("The form of %q has no field %q: add it to the form, or correct jira.fields.%s", c.cfg.RequestType, want, key)
		}
		s.form.custom[key] = id
	}
	if s.form.fields["summary"].FieldID == "" || s.form.fields["description"].FieldID == "" {
		return fault("The form of %q lacks Summary or Description: add both, because they say who asked for what and why", c.cfg.RequestType)
	}
	var unknown []string
	for id, f := range s.form.fields {
		if f.Required && !s.form.fills(id) && len(f.DefaultValues) == 0 && len(f.PresetValues) == 0 {
			unknown = append(unknown, strconv.Quote(f.Name))
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fault("The form of %q requires %s, which Latchkey can't fill in: make it optional, give it a default, or name it under jira.fields", c.cfg.RequestType, strings.Join(unknown, " and "))
	}
	return nil
}

func (f form) find(idOrName string) string {
	for id, field := range f.fields {
		if id == idOrName || strings.EqualFold(field.Name, idOrName) {
			return id
		}
	}
	return ""
}

func (f form) fills(id string) bool {
	if id == "summary" || id == "description" {
		return true
	}
	for _, own := range f.custom {
		if own == id {
			return true
		}
	}
	return false
}

// values fills in the form for a case.
func (f form) values(c access.Case, description doc) map[string]any {
	return f.filled(summary(c), description, map[string]string{
		fieldApp: appName(c), fieldRole: roleName(c), fieldDuration: catalog.FormatDuration(c.Request.Wanted),
		fieldReason: c.Request.Reason,
	})
}

// filled fills in the form: own is what goes into its own fields, by their keys.
func (f form) filled(summary string, description doc, own map[string]string) map[string]any {
	out := map[string]any{"summary": summary, "description": description}
	if _, ok := f.fields["labels"]; ok {
		out["labels"] = []string{"latchkey"}
	}
	for key, id := range f.custom {
		if v, ok := f.fields[id].value(own[key]); ok {
			out[id] = v
		}
	}
	return out
}

// value writes text the way the field takes it; false when it can't hold it.
func (f formField) value(text string) (any, bool) {
	switch {
	case strings.HasSuffix(f.JiraSchema.Custom, ":textarea"):
		return newDoc(paragraph(plain(text))), true
	case f.JiraSchema.Type == "option":
		for _, v := range f.ValidValues {
			if strings.EqualFold(v.Label, text) {
				return map[string]string{"id": v.Value}, true
			}
		}
		return nil, false
	case f.JiraSchema.Type == "array" && f.JiraSchema.Items == "string":
		return []string{strings.ReplaceAll(text, " ", "-")}, true
	case f.JiraSchema.Type == "string":
		return clip(oneLine(text), shortLimit), true
	}
	return nil, false
}

// putUntil keeps the field up to date. Both kinds of field take the form Jira
// writes dates in.
func (c *Client) putUntil(ctx context.Context, s *site, issue string, until time.Time) error {
	var value any
	if !until.IsZero() {
		value = until.UTC().Format(jiraTime)
	}
	return c.tell(ctx, call{method: http.MethodPut, path: issuePath(issue), what: "note the end of access",
		in: map[string]any{"fields": map[string]any{s.until: value}}})
}
