package jira_test

import (
	"testing"

	"latchkey/sandbox/jira"
)

func TestAStatusKeepsItsIssuesWhenItIsRenamed(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	if err := s.EditStatus("Waiting for approval", func(st *jira.Status) { st.Name, st.Portal = "Undecided", "With your manager" }); err != nil {
		t.Fatal(err)
	}
	s.call("GET", "/rest/api/3/issue/"+key, "").want(200).is("Undecided", "fields", "status", "name").is("10001", "fields", "status", "id")
	s.call("GET", "/rest/servicedeskapi/request/"+key, "").want(200).is("With your manager", "currentStatus", "status")
	s.call("POST", "/rest/api/3/issue/"+key+"/transitions", transitionTo("11", "")).want(204)
	if is, _ := s.Issue(s.raise("y")); is.Status != "Undecided" {
		t.Errorf("a new issue begins as %q", is.Status)
	}
	for name, to := range map[string]string{"Undecided": "Closed", "In progress": "", "Nowhere": "Somewhere"} {
		if s.EditStatus(name, func(st *jira.Status) { st.Name = to }) == nil {
			t.Errorf("%q was renamed to %q", name, to)
		}
	}
}

func TestAWorkflowIsChangedAsACopy(t *testing.T) {
	s := newSite(t, jira.Config{})
	f := s.Workflow()
	f.Transitions[0].From[0], f.Statuses[0].Name = "nowhere", "changed"
	if now := s.Workflow(); now.Transitions[0].From[0] == "nowhere" || now.Statuses[0].Name == "changed" {
		t.Error("what was handed out is the workflow itself")
	}
}

func TestAScreenWantsItsRequiredFields(t *testing.T) {
	s := newSite(t, jira.Config{})
	if err := s.SetField(costCentre()); err != nil {
		t.Fatal(err)
	}
	f := s.Workflow()
	f.Transitions[0].Screen = []jira.ScreenField{{ID: "customfield_10300", Required: true}}
	if err := s.SetWorkflow(f); err != nil {
		t.Fatal(err)
	}
	path := "/rest/api/3/issue/" + s.raise("x") + "/transitions"
	s.call("GET", path+"?expand=transitions.fields", "").want(200).is(true, "transitions", 0, "fields", "customfield_10300", "required")
	s.call("POST", path, transitionTo("11", "")).want(400).is("Cost centre is required.", "errors", "customfield_10300")
}

func TestFieldsCanBeChangedButNotTheirKind(t *testing.T) {
	s := newSite(t, jira.Config{})
	field := costCentre()
	if err := s.SetField(field); err != nil {
		t.Fatal(err)
	}
	s.raise("x")
	field.Required, field.OnForm = true, true
	if err := s.SetField(field); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RaiseRequest(s.ann.AccountID, map[string]any{"summary": "y"}); err == nil {
		t.Error("a request without the required field was opened")
	}
	field.Custom = "com.atlassian.jira.plugin.system.customfieldtypes:textarea"
	if s.SetField(field) == nil {
		t.Error("the kind of a field was changed under an issue")
	}
	if s.SetField(jira.Field{ID: "customfield_10301", Name: "Place", Type: "any", Custom: "com.example:place"}) == nil {
		t.Error("a field that is not modelled was accepted")
	}
}

func TestAFieldOfSeveralChoices(t *testing.T) {
	field := costCentre()
	field.Type, field.Items, field.OnForm = "array", "option", true
	field.Custom, field.Options = "com.atlassian.jira.plugin.system.customfieldtypes:multiselect", []string{"Figma", "Miro"}
	s := newSite(t, jira.Config{Fields: []jira.Field{field}})
	raise := func(value any) (string, error) {
		return s.RaiseRequest(s.ann.AccountID, map[string]any{"summary": "x", field.ID: value})
	}
	key, err := raise([]map[string]string{{"value": "Miro"}, {"value": "Figma"}, {"value": "Miro"}})
	if err != nil {
		t.Fatal(err)
	}
	s.call("GET", "/rest/api/3/issue/"+key, "").want(200).size(2, "fields", field.ID).is("Miro", "fields", field.ID, 0, "value")
	for _, value := range []any{"Figma", map[string]string{"value": "Figma"}, []map[string]string{{"value": "Trello"}}} {
		if _, err := raise(value); err == nil {
			t.Errorf("%v was accepted", value)
		}
	}
}

func costCentre() jira.Field {
	return jira.Field{ID: "customfield_10300", Name: "Cost centre", Type: "string", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:textfield"}
}
