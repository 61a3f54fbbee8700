package site

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"latchkey/jira/rest"
)

// findForm finds the request type by its name and reads its form.
func (d *Discoverer) findForm(ctx context.Context, s *Site) error {
	rt, err := d.findRequestType(ctx, s)
	if err != nil {
		return err
	}
	s.Form = Form{RequestType: rt.ID, Portal: rt.PortalID, IssueType: rt.IssueTypeID, Fields: map[string]formField{}, Mapped: map[string]string{}}
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
	if err := d.checkForm(s); err != nil {
		return err
	}
	if d.cfg.Choices != nil {
		s.Lacks = s.Form.lacks(d.cfg.Choices())
	}
	return nil
}

type requestType struct{ ID, Name, IssueTypeID, PortalID string }

func (d *Discoverer) findRequestType(ctx context.Context, s *Site) (requestType, error) {
	all, err := d.listRequestTypes(ctx, s)
	if err != nil {
		return requestType{}, err
	}
	want := strings.TrimSpace(d.cfg.RequestType)
	found := find(s, "jira.request_type", all, want, func(rt requestType) (string, string) { return rt.ID, rt.Name })
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		var names []string
		for _, rt := range all {
			names = append(names, rt.Name)
		}
		return requestType{}, rest.Fault("Project %s has no request type %q: set jira.request_type to one of %s", s.Project, want, strings.Join(names, ", "))
	}
	return requestType{}, rest.Fault("Project %s has %d request types called %q: set jira.request_type to the id of the one that is meant, %s or %s",
		s.Project, len(found), want, found[0].ID, found[1].ID)
}

// listRequestTypes reads all request types, page by page. An empty page ends the
// list, too: some sites never say that a page is the last.
func (d *Discoverer) listRequestTypes(ctx context.Context, s *Site) ([]requestType, error) {
	var all []requestType
	pages := rest.Pages{What: "list the request types of project " + s.Project}
	for start := 0; ; {
		var page struct {
			Values     []requestType
			IsLastPage bool
		}
		query := url.Values{"start": {strconv.Itoa(start)}, "limit": {"50"}}
		err := d.api.Fetch(ctx, rest.Get("list the request types of project "+s.Project, "rest/servicedeskapi/servicedesk/"+url.PathEscape(s.ServiceDesk)+"/requesttype", query), &page)
		if err != nil {
			return nil, err
		}
		var here []string
		for _, rt := range page.Values {
			if here = append(here, rt.ID); !slices.Contains(all, rt) {
				all = append(all, rt)
			}
		}
		if start += len(page.Values); page.IsLastPage || len(page.Values) == 0 {
			return all, nil
		}
		if err := pages.Turn(here, ""); err != nil {
			return nil, err
		}
	}
}

// named are those with an id or, where it is no id, a name. Names may be given to
// several things; who asks has to say which one is meant then.
func named[T any](all []T, want string, of func(T) (id, name string)) []T {
	var found []T
	for _, one := range all {
		id, name := of(one)
		if id == want {
			return []T{one}
		}
		if strings.EqualFold(strings.TrimSpace(name), want) {
			found = append(found, one)
		}
	}
	return found
}

// checkForm finds the configured fields on the form and refuses a form that
// asks for more than Latchkey can fill in.
func (d *Discoverer) checkForm(s *Site) error {
	var first error
	for _, key := range []string{FieldApp, FieldRole, FieldDuration, FieldReason} {
		first = cmp.Or(first, d.mapField(s, key)) // the others are of use all the same
	}
	if first != nil {
		return first
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

// mapField finds the field that the configuration names for a key, if it names one.
func (d *Discoverer) mapField(s *Site, key string) error {
	want := strings.TrimSpace(d.cfg.Fields[key])
	if want == "" {
		return nil
	}
	all := slices.SortedFunc(maps.Values(s.Form.Fields), func(a, b formField) int { return strings.Compare(a.FieldID, b.FieldID) })
	found := find(s, "jira.fields."+key, all, want, func(f formField) (string, string) { return f.FieldID, f.Name })
	switch {
	case len(found) == 0:
		return rest.Fault("The form of %q has no field %q: add it to the form, or correct jira.fields.%s", d.cfg.RequestType, want, key)
	case len(found) > 1:
		return rest.Fault("The form of %q has %d fields called %q: set jira.fields.%s to the id of the one that is meant, %s or %s",
			d.cfg.RequestType, len(found), want, key, found[0].FieldID, found[1].FieldID)
	case found[0].Required && !found[0].holdsText():
		return rest.Fault("The field %q of the form of %q can't hold what jira.fields.%s puts there: use a short text or a select list", found[0].Name, d.cfg.RequestType, key)
	}
	s.Form.Mapped[key] = found[0].FieldID
	return nil
}
