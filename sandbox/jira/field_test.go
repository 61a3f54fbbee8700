package jira_test

import (
	"testing"

	gojira "github.com/andygrunwald/go-jira"

	"latchkey/sandbox/jira"
)

const customTypes = "com.atlassian.jira.plugin.system.customfieldtypes:"

// formFields are custom fields of every kind a form may have.
func formFields() []jira.Field {
	return []jira.Field{
		{ID: "customfield_10100", Name: "Reference", Type: "string", Custom: customTypes + "textfield", OnForm: true, Required: true},
		{ID: "customfield_10101", Name: "Reason", Type: "string", Custom: customTypes + "textarea", OnForm: true},
		{ID: "customfield_10102", Name: "Role", Type: "option", Custom: customTypes + "select", Options: []string{"Viewer", "Editor"}, OnForm: true},
		{ID: "customfield_10103", Name: "Days", Type: "number", Custom: customTypes + "float", OnForm: true},
		{ID: "customfield_10104", Name: "Owner", Type: "user", Custom: customTypes + "userpicker"},
	}
}

func TestCustomFields(t *testing.T) {
	s := newSite(t, jira.Config{Fields: formFields()})
	values := `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x","customfield_10100":"AR-9",
		"customfield_10101":"*because*","customfield_10102":{"value":"Editor"},"customfield_10103":3}}`
	s.call("POST", "/rest/servicedeskapi/request", `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x"}}`).want(400)
	s.call("POST", "/rest/servicedeskapi/request", values).want(201).is("*because*", "requestFieldValues", 3, "value")
	s.call("GET", "/rest/api/3/issue/IT-1", "").want(200).is("Editor", "fields", "customfield_10102", "value").is(3, "fields", "customfield_10103").
		is("doc", "fields", "customfield_10101", "type").is(nil, "fields", "customfield_10104")
	s.call("GET", "/rest/servicedeskapi/servicedesk/10/requesttype/25/field", "").want(200).is("Editor", "requestTypeFields", 6, "validValues", 1, "label")
	s.call("PUT", "/rest/api/3/issue/IT-1", `{"fields":{"customfield_10104":{"accountId":"`+s.noor.AccountID+`"},"customfield_10103":null}}`).want(204)
	s.call("PUT", "/rest/api/3/issue/IT-1", `{"fields":{"customfield_10102":{"value":"Owner"}}}`).want(400)
	s.call("PUT", "/rest/api/3/issue/IT-1", `{"fields":{"customfield_10101":"wiki"}}`).want(400)
	s.call("PUT", "/rest/api/3/issue/IT-1", `{"fields":{"customfield_10010":"25"}}`).want(500)
	is, _ := s.Issue("IT-1")
	if is.Fields["customfield_10101"] != "because" || is.Fields["customfield_10104"] != "Noor Aziz" {
		t.Fatalf("fields %v", is.Fields)
	}
	for _, jql := range []string{`cf[10100] ~ "AR-9"`, `Role = Editor`, `Owner = "` + s.noor.AccountID + `"`, `Reason ~ because`} {
		if got := s.search(jql); got != "IT-1" {
			t.Errorf("%s: %q", jql, got)
		}
	}
}

// A list in the answer breaks the library's own request type after the
// request exists: the success that looks like a failure.
func TestGoJiraRequestCreateTrap(t *testing.T) {
	s := newSite(t, jira.Config{})
	c := s.client()
	_, _, err := c.Request.Create(s.ann.AccountID, nil, &gojira.Request{ServiceDeskID: "10", TypeID: "25",
		FieldValues: []gojira.RequestFieldValue{{FieldID: "summary", Value: "x"}}})
	if err == nil {
		t.Fatal("the library decoded an answer with a list of labels")
	}
	if n := len(s.Issues()); n != 1 {
		t.Fatalf("%d issues", n)
	}
	if _, _, err := c.Request.CreateComment("IT-1", &gojira.RequestComment{Body: "hello", Public: true}); err != nil {
		t.Fatal(err)
	}
	is, _ := s.Issue("IT-1")
	if len(is.Comments) != 1 || !is.Comments[0].Public {
		t.Fatalf("comments %+v", is.Comments)
	}
}
