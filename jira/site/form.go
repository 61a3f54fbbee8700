package site

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"latchkey/jira/adf"
	"latchkey/jira/rest"
)

// The keys of Config.Fields.
const (
	FieldApp       = "app"
	FieldRole      = "role"
	FieldDuration  = "duration"
	FieldReason    = "reason"
	FieldUntil     = "until"
	FieldApprovers = "approvers"
)

// Form is the request type with the fields people fill in.
type Form struct {
	RequestType string
	IssueType   string
	Fields      map[string]formField // by id
	Mapped      map[string]string    // key of Config.Fields -> field id
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
func (d *Discoverer) findForm(ctx context.Context, s *Site) error {
	rt, err := d.findRequestType(ctx, s)
	if err != nil {
		return err
	}
	s.Form = Form{RequestType: rt.ID, IssueType: rt.IssueTypeID, Fields: map[string]formField{}, Mapped: map[string]string{}}
	var answer struct {
		RequestTypeFields  []formField
		CanRaiseOnBehalfOf bool
	}
	path := "rest/servicedeskapi/servicedesk/" + url.PathEscape(s.ServiceDesk) + "/requesttype/" + url.PathEscape(rt.ID) + "/field"
	if err := d.api.Fetch(ctx, rest.Get("show the form of "+strconv.Quote(d.cfg.RequestType), path, nil), &answer); err != nil {
		return err
	}
	if !answer.CanRaiseOnBehalfOf {
		return rest.Fault("%s may not raise requests for others in project %s: make it an agent of the service project", d.api.AccountName(), s.Project)
	}
	for _, f := range answer.RequestTypeFields {
		s.Form.Fields[f.FieldID] = f
	}
	return d.checkForm(s)
}

type requestType struct{ ID, Name, IssueTypeID string }

func (d *Discoverer) findRequestType(ctx context.Context, s *Site) (requestType, error) {
	var all []string
	pages := rest.Pages{What: "list the request types of project " + s.Project}
	for start := 0; ; {
		var page struct {
			Values     []requestType
			IsLastPage bool
		}
		query := url.Values{"start": {strconv.Itoa(start)}, "limit": {"50"}}
		err := d.api.Fetch(ctx, rest.Get("list the request types of project "+s.Project, "rest/servicedeskapi/servicedesk/"+url.PathEscape(s.ServiceDesk)+"/requesttype", query), &page)
		if err != nil {
			return requestType{}, err
		}
		var here []string
		for _, rt := range page.Values {
			here = append(here, rt.ID)
			if strings.EqualFold(rt.Name, strings.TrimSpace(d.cfg.RequestType)) {
				return rt, nil
			}
			all = append(all, rt.Name)
		}
		if start += len(page.Values); page.IsLastPage || len(page.Values) == 0 {
			return requestType{}, rest.Fault("Project %s has no request type %q: set jira.request_type to one of %s", s.Project, d.cfg.RequestType, strings.Join(all, ", "))
		}
		if err := pages.Turn(here, ""); err != nil {
			return requestType{}, err
		}
	}
}

// checkForm finds the configured fields on the form and refuses a form that
// asks for more than Latchkey can fill in.
func (d *Discoverer) checkForm(s *Site) error {
	for _, key := range []string{FieldApp, FieldRole, FieldDuration, FieldReason} {
		want := strings.TrimSpace(d.cfg.Fields[key])
		if want == "" {
			continue
		}
		id := s.Form.find(want)
		if id == "" {
			return rest.Fault("The form of %q has no field %q: add it to the form, or correct jira.fields.%s", d.cfg.RequestType, want, key)
		}
		s.Form.Mapped[key] = id
	}
	if s.Form.Fields["summary"].FieldID == "" || s.Form.Fields["description"].FieldID == "" {
		return rest.Fault("The form of %q lacks Summary or Description: add both, because they say who asked for what and why", d.cfg.RequestType)
	}
	var unknown []string
	for id, f := range s.Form.Fields {
		if f.Required && !s.Form.fills(id) && len(f.DefaultValues) == 0 && len(f.PresetValues) == 0 {
			unknown = append(unknown, strconv.Quote(f.Name))
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return rest.Fault("The form of %q requires %s, which Latchkey can't fill in: make it optional, give it a default, or name it under jira.fields", d.cfg.RequestType, strings.Join(unknown, " and "))
	}
	return nil
}

func (f Form) find(idOrName string) string {
	for id, field := range f.Fields {
		if id == idOrName || strings.EqualFold(field.Name, idOrName) {
			return id
		}
	}
	return ""
}

func (f Form) fills(id string) bool {
	if id == "summary" || id == "description" {
		return true
	}
	for _, own := range f.Mapped {
		if own == id {
			return true
		}
	}
	return false
}

// Fill fills in the form. own is what goes into the mapped fields, by the keys of
// Config.Fields; what a field can't hold is left out.
func (f Form) Fill(summary string, description adf.Document, own map[string]string) map[string]any {
	out := map[string]any{"summary": summary, "description": description}
	if _, ok := f.Fields["labels"]; ok {
		out["labels"] = []string{"latchkey"}
	}
	for key, id := range f.Mapped {
		if v, ok := f.Fields[id].value(own[key]); ok {
			out[id] = v
		}
	}
	return out
}

// value writes text the way the field takes it; false when it can't hold it.
func (f formField) value(text string) (any, bool) {
	switch {
	case strings.HasSuffix(f.JiraSchema.Custom, ":textarea"):
		return adf.New(adf.Paragraph(adf.Text(text))), true
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
		return adf.Clip(adf.OneLine(text), adf.LineLimit), true
	}
	return nil, false
}
