package sandbox

import "latchkey/sandbox/jira"

// formFields are the fields of Acme's own: those on the portal's form for access, and
// those that show how a request stands.
func formFields() []jira.Field {
	text := "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
	return []jira.Field{
		{ID: "customfield_10070", Name: "Application", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10071", Name: "Role", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10072", Name: "Duration", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10073", Name: "Waiting for", Type: "string", Custom: text},
		{ID: "customfield_10074", Name: "Decided by", Type: "string", Custom: text},
		{ID: "customfield_10075", Name: "Access until", Type: "datetime", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:datetime"},
	}
}
