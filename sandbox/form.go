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

// workflow is that of Acme's desk: the transition that leads past everything to access that is there, which
// nobody but Latchkey takes, shows how a request stands on its screen.
func workflow() jira.Workflow {
	f := jira.DefaultWorkflow()
	if t := f.FindTransition("96"); t != nil {
		t.Screen = []jira.ScreenField{{ID: "customfield_10073"}, {ID: "customfield_10074"}, {ID: "customfield_10075"}}
	}
	return f
}
