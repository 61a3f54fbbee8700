package site

import (
	"cmp"
	"context"
	"strings"

	"latchkey/jira/rest"
)

// Types of fields that Jira Service Management brings along. Their ids and names
// differ from site to site, their types don't (REST API v3, "Get fields",
// schema.custom).
const (
	typeApprovals   = "com.atlassian.servicedesk.approvals-plugin:sd-approvals"
	typeRequestType = "com.atlassian.servicedesk:vp-origin"
)

type siteField struct {
	ID, Name string
	Schema   schema
}

// findFields finds the fields that are not on the form: those of the service
// desk by their type, the configured ones by name or id.
func (d *Discoverer) findFields(ctx context.Context, s *Site) error {
	var all []siteField
	if err := d.api.Fetch(ctx, rest.Get("list its fields", "rest/api/3/field", nil), &all); err != nil {
		return err
	}
	for _, f := range all {
		switch f.Schema.Custom {
		case typeApprovals:
			s.ApprovalsField = f.ID
		case typeRequestType:
			s.RequestTypeField = f.ID
		}
	}
	shortText := func(f siteField) bool {
		return f.Schema.Type == "string" && !strings.HasSuffix(f.Schema.Custom, ":textarea")
	}
	var first error
	for _, one := range []struct {
		to         *string
		key, unfit string
		fits       func(siteField) bool
	}{
		{&s.UntilField, FieldUntil, "can't hold the end of access: use a date time picker or a short text", func(f siteField) bool { return f.Schema.Type == "datetime" || shortText(f) }},
		{&s.WaitingField, FieldWaiting, "can't say whom a request waits for: use a short text", shortText},
		{&s.DecidedField, FieldDecided, "can't say who decided: use a short text", shortText},
		{&s.ApproversField, FieldApprovers, "can't hold approvers: use a user picker for several users", func(f siteField) bool { return f.Schema.Type == "array" && f.Schema.Items == "user" }},
	} {
		id, err := d.configured(s, all, one.key, one.unfit, one.fits)
		*one.to, first = id, cmp.Or(first, err)
	}
	return first
}

// configured finds the field that the configuration names for a key; "" where
// it names none.
func (d *Discoverer) configured(s *Site, all []siteField, key, unfit string, fits func(siteField) bool) (string, error) {
	want := strings.TrimSpace(d.cfg.Fields[key])
	if want == "" {
		return "", nil
	}
	found := find(s, "jira.fields."+key, all, want, func(f siteField) (string, string) { return f.ID, f.Name })
	switch {
	case len(found) == 0:
		return "", rest.Fault("Jira has no field %q: correct jira.fields.%s, or add the field", want, key)
	case len(found) > 1:
		return "", rest.Fault("Jira has %d fields called %q: set jira.fields.%s to the id of the one that is meant, %s or %s", len(found), want, key, found[0].ID, found[1].ID)
	case !fits(found[0]):
		return "", rest.Fault("The field %q %s for jira.fields.%s", found[0].Name, unfit, key)
	}
	return found[0].ID, nil
}
