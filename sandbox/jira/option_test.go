package jira_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/jira/spectest"
)

const (
	fieldContext = "/rest/api/3/field/customfield_10102/context"
	fieldOptions = fieldContext + "/10302/option"
)

// manyOptions are so many options to be added, from a number on.
func manyOptions(from, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`{"value":"Role %d"}`, from+i)
	}
	return `{"options":[` + strings.Join(all, ",") + `]}`
}

// Administrators keep the options of a field: those of a call are changed together or
// not at all, an option stays the same one whatever it is called, and what is disabled
// can't be chosen, while issues keep it.
func TestOptionsOfAField(t *testing.T) {
	s := newSite(t, jira.Config{Fields: formFields(), BotAdmin: true})
	s.call("GET", fieldContext, "").want(200).is("10302", "values", 0, "id").is(false, "values", 0, "isGlobalContext")
	s.call("GET", fieldContext+"/projectmapping", "").want(200).is("10302", "values", 0, "contextId")
	s.call("GET", fieldOptions+"?maxResults=1", "").want(200).is("Viewer", "values", 0, "value").is(false, "isLast")
	viewer, _ := s.call("GET", fieldOptions, "").want(200).at("values", 0, "id").(string)
	s.call("POST", "/rest/servicedeskapi/request", `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x","customfield_10100":"AR-9","customfield_10102":{"value":"Viewer"}}}`).want(201)

	s.call("PUT", fieldOptions, `{"options":[{"id":"`+viewer+`","value":"Reader"},{"id":"7"}]}`).want(404)
	s.call("PUT", fieldOptions, `{"options":[{"id":"`+viewer+`","value":"editor"}]}`).want(400)
	s.call("GET", fieldOptions, "").want(200).is("Viewer", "values", 0, "value")
	s.call("PUT", fieldOptions, `{"options":[{"id":"`+viewer+`","value":"Reader","disabled":true}]}`).want(200).is("Reader", "options", 0, "value")
	s.call("PUT", fieldOptions, `{"options":[{"id":"`+viewer+`","value":"Reader"}]}`).want(200).is(nil, "options", 0)
	s.call("GET", "/rest/api/3/issue/IT-1", "").want(200).is("Reader", "fields", "customfield_10102", "value").is(viewer, "fields", "customfield_10102", "id")
	s.call("GET", "/rest/servicedeskapi/servicedesk/10/requesttype/25/field", "").want(200).is("Editor", "requestTypeFields", 6, "validValues", 0, "label")
	s.call("PUT", "/rest/api/3/issue/IT-1", `{"fields":{"customfield_10102":{"id":"`+viewer+`"}}}`).want(400)

	editor, _ := s.call("GET", fieldOptions, "").want(200).at("values", 1, "id").(string)
	s.call("PUT", fieldOptions+"/move", `{"customFieldOptionIds":["`+editor+`"],"position":"First"}`).want(204)
	s.call("GET", fieldOptions, "").want(200).is(editor, "values", 0, "id").is(viewer, "values", 1, "id")
	s.call("PUT", fieldOptions+"/move", `{"customFieldOptionIds":["`+editor+`"],"after":"`+viewer+`"}`).want(204)
	s.call("GET", fieldOptions, "").want(200).is(viewer, "values", 0, "id").is(editor, "values", 1, "id")
	s.call("PUT", fieldOptions+"/move", `{"customFieldOptionIds":["`+editor+`"],"after":"`+viewer+`","position":"First"}`).want(400)
	s.call("PUT", fieldOptions+"/move", `{"customFieldOptionIds":["7"],"position":"First"}`).want(404)
	s.call("POST", fieldOptions, `{"options":[{"value":"Owner"},{"value":"owner"}]}`).want(400)
	s.call("POST", fieldOptions, manyOptions(0, 1001)).want(400)
	s.call("POST", fieldOptions, `{"options":[{"value":"Owner","disabled":true}]}`).want(200).is(true, "options", 0, "disabled")
	for from := 0; from < 9_000; from += 1_000 {
		s.call("POST", fieldOptions, manyOptions(from, 1_000)).want(200)
	}
	s.call("POST", fieldOptions, manyOptions(9_000, 998)).want(400)
	s.call("POST", fieldOptions, manyOptions(9_000, 997)).want(200)
	s.call("GET", "/rest/api/3/field/customfield_10100/context", "").want(404) // no list
	s.call("PUT", "/rest/api/3/project/IT/properties/x", `{"a":1}`).want(201)
	s.call("PUT", "/rest/api/3/project/IT/properties/x", `{"a":2}`).want(200)
	s.call("GET", "/rest/api/3/project/IT/properties/x", "").want(200).is(2, "value", "a")
	s.call("GET", "/rest/api/3/project/IT/properties/y", "").want(404)
}

func TestOptionsAreForAdministrators(t *testing.T) {
	s := newSite(t, jira.Config{Fields: formFields()})
	for _, path := range []string{fieldContext, fieldContext + "/projectmapping", fieldOptions} {
		s.call("GET", path, "").want(403)
	}
	s.call("POST", fieldOptions, `{"options":[{"value":"Owner"}]}`).want(403)
	s.call("PUT", fieldOptions, `{"options":[]}`).want(403)
	s.call("PUT", fieldOptions+"/move", `{"customFieldOptionIds":["1"],"position":"First"}`).want(403)
	s.call("PUT", "/rest/api/3/project/IT/properties/x", `{"a":1}`).want(403)
}

// TestOptionsFitTheVendorsDescription runs when LATCHKEY_SPECS names the folder of the
// API descriptions.
func TestOptionsFitTheVendorsDescription(t *testing.T) {
	for _, dir := range specFolders() {
		s := newSite(t, jira.Config{Fields: formFields(), BotAdmin: true})
		c := spectest.New(t, dir, s.http.Transport)
		c.Undescribed = undescribed
		s.http = &http.Client{Transport: c}
		s.call("GET", fieldContext, "").want(200)
		s.call("GET", fieldContext+"/projectmapping", "").want(200)
		id, _ := s.call("GET", fieldOptions, "").want(200).at("values", 0, "id").(string)
		s.call("POST", fieldOptions, `{"options":[{"value":"Owner","disabled":false}]}`).want(200)
		s.call("PUT", fieldOptions, `{"options":[{"id":"`+id+`","value":"Reader","disabled":true}]}`).want(200)
		s.call("PUT", fieldOptions, `{"options":[{"id":"7","disabled":true}]}`).want(404)
		s.call("PUT", fieldOptions+"/move", `{"customFieldOptionIds":["`+id+`"],"position":"First"}`).want(204)
		s.call("PUT", "/rest/api/3/project/IT/properties/x", `{"a":"1"}`).want(201)
		s.call("GET", "/rest/api/3/project/IT/properties/x", "").want(200)
		s.call("POST", "/rest/servicedeskapi/request", `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x","customfield_10100":"AR-9"}}`).want(201)
		s.call("PUT", "/rest/api/3/issue/IT-1/assignee", `{"accountId":"`+s.ann.AccountID+`"}`).want(400) // no agent
		if n := len(c.Uses()); n < 8 {
			t.Errorf("only %d calls were checked", n)
		}
	}
}
