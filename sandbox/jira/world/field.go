package world

import "slices"

// Field is an issue field. Type and Items are the schema ("string", "array" of
// "user", …), Custom the schema.custom by which clients discover it. OnForm
// puts it on the request type's form.
type Field struct {
	ID, Name, Type, Items, Custom string
	OnForm, Required              bool
	// Options are the values of an option field. Disabled are those of them that can't
	// be chosen any more; issues keep them.
	Options, Disabled []string
	// Order are places in Options as they are listed; those that it lacks follow.
	Order []int
	// Global: the options are those of all projects, which nobody can change by a call.
	Global bool
}

// Well-known custom fields of the site. Clients must discover them by
// schema.custom, never by these numbers.
const (
	fieldOrganizations = "customfield_10002"
	fieldApprovers     = "customfield_10003"
	fieldRequestType   = "customfield_10010"
	FieldParticipants  = "customfield_10026"
	fieldApprovals     = "customfield_10030"
)

const (
	customTypes = "com.atlassian.jira.plugin.system.customfieldtypes:"
	deskTypes   = "com.atlassian.servicedesk:"
)

func siteFields(extra []Field) []Field {
	all := []Field{
		{ID: "summary", Name: "Summary", Type: "string", OnForm: true, Required: true},
		{ID: "description", Name: "Description", Type: "string", OnForm: true},
		{ID: "labels", Name: "Labels", Type: "array", Items: "string", OnForm: true},
		{ID: fieldApprovers, Name: "Approvers", Type: "array", Items: "user", Custom: customTypes + "multiuserpicker", OnForm: true},
		{ID: fieldRequestType, Name: "Request Type", Type: "sd-customerrequesttype", Custom: deskTypes + "vp-origin"},
		{ID: FieldParticipants, Name: "Request participants", Type: "array", Items: "user", Custom: deskTypes + "sd-request-participants"},
		{ID: fieldOrganizations, Name: "Organizations", Type: "array", Items: "sd-customerorganization", Custom: deskTypes + "sd-customer-organizations"},
		{ID: fieldApprovals, Name: "Approvals", Type: "sd-approvals", Custom: "com.atlassian.servicedesk.approvals-plugin:sd-approvals"},
		{ID: "issuetype", Name: "Issue Type", Type: "issuetype"},
		{ID: "project", Name: "Project", Type: "project"},
		{ID: "status", Name: "Status", Type: "status"},
		{ID: "resolution", Name: "Resolution", Type: "resolution"},
		{ID: "priority", Name: "Priority", Type: "priority"},
		{ID: "reporter", Name: "Reporter", Type: "user"},
		{ID: "creator", Name: "Creator", Type: "user"},
		{ID: "assignee", Name: "Assignee", Type: "user"},
		{ID: "created", Name: "Created", Type: "datetime"},
		{ID: "updated", Name: "Updated", Type: "datetime"},
		{ID: "resolutiondate", Name: "Resolved", Type: "datetime"},
		{ID: "statuscategorychangedate", Name: "Status Category Changed", Type: "datetime"},
		{ID: "issuelinks", Name: "Linked Issues", Type: "array", Items: "issuelinks"},
		{ID: "attachment", Name: "Attachment", Type: "array", Items: "attachment"},
		{ID: "comment", Name: "Comment", Type: "comments-page"},
	}
	for _, f := range extra {
		if i := slices.IndexFunc(all, func(o Field) bool { return o.ID == f.ID }); i >= 0 {
			all[i] = f
			continue
		}
		all = append(all, f)
	}
	return all
}

// FieldByID finds a field of the site; nil if there is none.
func (s *State) FieldByID(id string) *Field {
	for i := range s.Fields {
		if s.Fields[i].ID == id {
			return &s.Fields[i]
		}
	}
	return nil
}

// FieldKind is how values of the field are stored.
type FieldKind int

// The kinds of field, by what Jira's field schema says of type, items and custom.
const (
	kindReadOnly FieldKind = iota
	kindText
	kindRich
	kindStrings
	KindUsers
	KindUser
	KindOption
	KindOptions
	kindNumber
	kindMoment
)

// Kind tells how values of the field are stored, by its schema.
func (f *Field) Kind() FieldKind {
	switch {
	case f.ID == "description" || f.Custom == customTypes+"textarea":
		return kindRich
	case f.Custom == deskTypes+"sd-request-participants":
		return kindReadOnly
	case f.Type == "string":
		return kindText
	case f.Type == "array" && f.Items == "string":
		return kindStrings
	case f.Type == "array" && f.Items == "user":
		return KindUsers
	case f.Type == "user" && f.ID != "creator":
		return KindUser
	case f.Type == "option":
		return KindOption
	case f.Type == "array" && f.Items == "option":
		return KindOptions
	case f.Type == "number":
		return kindNumber
	case f.Type == "datetime" && f.Custom != "":
		return kindMoment
	}
	return kindReadOnly
}
