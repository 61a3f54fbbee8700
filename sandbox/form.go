package sandbox

import (
	"cmp"
	"slices"

	"latchkey/sandbox/jira"
)

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

// called are fields and a workflow under the names that somebody else has for them.
func called(names map[string]string, fields []jira.Field, f jira.Workflow) ([]jira.Field, jira.Workflow) {
	name := func(acmes *string) { *acmes = cmp.Or(names[*acmes], *acmes) }
	for i := range fields {
		name(&fields[i].Name)
	}
	name(&f.Initial)
	var statuses []jira.Status
	for _, s := range f.Statuses {
		name(&s.Name)
		if !slices.ContainsFunc(statuses, func(there jira.Status) bool { return there.Name == s.Name }) {
			statuses = append(statuses, s)
		}
	}
	f.Statuses = statuses
	var ways []jira.Transition
	for _, t := range f.Transitions {
		name(&t.Name)
		name(&t.To)
		t.From = slices.Clone(t.From)
		for i := range t.From {
			name(&t.From[i])
		}
		t.From = slices.DeleteFunc(t.From, func(from string) bool { return from == t.To })
		if len(t.From) > 0 {
			ways = append(ways, t)
		}
	}
	f.Transitions = ways
	return fields, f
}

// resolutions are those that a site has by itself, and others.
func resolutions(others []string) []string {
	all := jira.DefaultResolutions()
	for _, name := range others {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}
