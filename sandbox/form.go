package sandbox

import "latchkey/sandbox/jira"

// formFields are the fields of Acme's own on the portal's form for access.
func formFields() []jira.Field {
	text := "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
	return []jira.Field{
		{ID: "customfield_10070", Name: "Application", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10071", Name: "Role", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10072", Name: "Duration", Type: "string", Custom: text, OnForm: true},
	}
}
