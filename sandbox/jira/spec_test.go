package jira_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/jira/spectest"
)

// specFolders is the folder with the vendor's API descriptions, if the
// environment names one.
func specFolders() []string {
	if dir := os.Getenv("LATCHKEY_SPECS"); dir != "" {
		return []string{dir}
	}
	return nil
}

// undescribed are statuses that real Jira sends although the descriptions do
// not mention them.
func undescribed(status int) bool {
	return status == http.StatusGone || status == http.StatusTooManyRequests || status == http.StatusPreconditionFailed ||
		status == http.StatusUnsupportedMediaType
}

// TestExchangesFitTheVendorsDescription runs when LATCHKEY_SPECS names the
// folder of the API descriptions.
func TestExchangesFitTheVendorsDescription(t *testing.T) {
	for _, dir := range specFolders() {
		t.Run("described", func(t *testing.T) {
			s := newSite(t, jira.Config{Workflow: approvalFlow(jira.ApprovalRule{ConditionType: "number", ConditionValue: 1})})
			c := spectest.New(t, dir, s.http.Transport)
			c.Undescribed = undescribed
			s.http = &http.Client{Transport: c}
			exerciseSite(s)
			exerciseRequests(s)
			exerciseIssues(s)
			checked := 0
			for _, n := range c.Uses() {
				checked += n
			}
			if checked < 60 {
				t.Fatalf("only %d exchanges were checked", checked)
			}
		})
	}
}

func exerciseSite(s *site) {
	for _, path := range []string{"/myself", "/myself?expand=groups,applicationRoles", "/serverInfo", "/field", "/status", "/priority", "/resolution",
		"/priority/search", "/resolution/search", "/project/IT", "/project/IT/statuses", "/issueLinkType",
		"/mypermissions?projectKey=IT&permissions=EDIT_ISSUES", "/user/search?query=ann", "/user?accountId=" + s.ann.AccountID} {
		s.call("GET", "/rest/api/3"+path, "").want(200)
	}
	optIn := header("X-ExperimentalApi", "opt-in")
	for _, path := range []string{"/info", "/servicedesk", "/servicedesk/10", "/servicedesk/10/requesttype", "/requesttype",
		"/servicedesk/10/requesttype/25", "/servicedesk/10/requesttype/25/field", "/servicedesk/10/customer?limit=1"} {
		s.call("GET", "/rest/servicedeskapi"+path, "", optIn).want(200)
	}
	s.call("GET", "/rest/api/3/myself", "", anonymous).want(401)
	s.call("GET", "/rest/servicedeskapi/servicedesk", "", anonymous).want(401)
	s.call("GET", "/rest/servicedeskapi/servicedesk/99", "").want(404)
	s.call("POST", "/rest/servicedeskapi/customer", `{"email":"x@y.example","displayName":"X"}`).want(403)
	s.call("POST", "/rest/servicedeskapi/servicedesk/10/customer", fmt.Sprintf(`{"accountIds":[%q]}`, s.ann.AccountID)).want(204)
}

func exerciseRequests(s *site) {
	body := fmt.Sprintf(`{"serviceDeskId":"10","requestTypeId":"25","raiseOnBehalfOf":%q,"requestParticipants":[%q],"isAdfRequest":true,
		"requestFieldValues":{"summary":"x","description":%s,"labels":["a"],"customfield_10003":[{"accountId":%q}]}}`,
		s.ann.AccountID, s.pat.AccountID, adf("why"), s.noor.AccountID)
	s.call("POST", "/rest/servicedeskapi/request", body).want(201)
	s.call("POST", "/rest/servicedeskapi/request", `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{}}`).want(400)
	const r = "/rest/servicedeskapi/request/IT-1"
	s.call("POST", r+"/comment", `{"body":"hi","public":false}`).want(201)
	s.call("POST", r+"/participant", fmt.Sprintf(`{"accountIds":[%q]}`, s.noor.AccountID)).want(200)
	file, kind := multipartFile(s.t, "f.txt", "data")
	temp, _ := s.call("POST", "/rest/servicedeskapi/servicedesk/10/attachTemporaryFile", file, header("Content-Type", kind), header("X-Atlassian-Token", "no-check")).
		want(201).at("temporaryAttachments", 0, "temporaryAttachmentId").(string)
	s.call("POST", r+"/attachment", `{"temporaryAttachmentIds":["`+temp+`"],"public":true}`).want(201)
	for _, path := range []string{"", "?expand=participant&expand=status&expand=comment&expand=attachment&expand=requestType&expand=serviceDesk",
		"/status", "/approval", "/approval/61", "/comment", "/comment/20101", "/participant", "/transition", "/attachment?start=0&limit=10"} {
		s.call("GET", r+path, "").want(200)
	}
	s.call("GET", "/rest/servicedeskapi/request", "", as(s.ann.Email, "ann-token")).want(200).size(1, "values")
	asNoor := as(s.noor.Email, "noor-token")
	s.call("POST", r+"/approval/61", `{"decision":"approve"}`, asNoor).want(200)
	s.call("POST", r+"/approval/61", `{"decision":"approve"}`, asNoor).want(409)
	s.call("GET", r+"/approval/99", "").want(404)
	s.call("GET", "/rest/servicedeskapi/request/IT-99", "").want(404)
}

func exerciseIssues(s *site) {
	const p, i = "/rest/api/3", "/rest/api/3/issue/IT-1"
	s.call("POST", p+"/issue", `{"fields":{"project":{"key":"IT"},"issuetype":{"name":"Task"},"summary":"t"},"properties":[{"key":"k","value":1}]}`).want(201)
	s.call("POST", p+"/issue", `{"fields":{"project":{"key":"IT"},"issuetype":{"name":"Task"}}}`).want(400)
	s.call("PUT", i, `{"update":{"labels":[{"add":"b"}]}}`).want(204)
	s.call("POST", i+"/comment", `{"body":`+adf("hi")+`,"properties":[{"key":"sd.public.comment","value":{"internal":true}}]}`).want(201)
	s.call("PUT", i+"/comment/20101", `{"body":`+adf("edited")+`}`).want(200)
	s.call("PUT", i+"/properties/st", `{"rev":1}`).want(201)
	s.call("POST", p+"/issueLink", `{"type":{"name":"Relates"},"inwardIssue":{"key":"IT-1"},"outwardIssue":{"key":"IT-2"}}`).want(201)
	s.call("POST", i+"/remotelink", `{"globalId":"g","object":{"url":"https://x.example","title":"x"}}`).want(201)
	file, kind := multipartFile(s.t, "f.txt", "data")
	id, _ := s.call("POST", i+"/attachments", file, header("Content-Type", kind), header("X-Atlassian-Token", "no-check")).want(200).at(0, "id").(string)
	s.call("POST", i+"/transitions", `{"transition":{"id":"61"},"update":{"comment":[{"add":{"body":`+adf("done")+`}}]},"historyMetadata":{"type":"x","actor":{"id":"U1"}}}`).want(204)
	s.call("POST", i+"/transitions", `{"transition":{"id":"61"}}`).want(400)
	for _, path := range []string{"/issue/IT-1", "/issue/IT-1?fields=*all&properties=*all&expand=changelog,transitions,names", "/issue/IT-1/transitions?expand=transitions.fields",
		"/issue/IT-1/changelog?startAt=0&maxResults=1", "/issue/IT-1/comment?expand=properties", "/issue/IT-1/comment/20101?expand=properties",
		"/issue/IT-1/properties", "/issue/IT-1/properties/st", "/issue/IT-1/remotelink", "/issueLink/40101", "/attachment/" + id, "/attachment/meta",
		"/search/jql?jql=project%3DIT&fields=*all&expand=names,changelog"} {
		s.call("GET", p+path, "").want(200)
	}
	s.call("POST", p+"/issue/bulkfetch", `{"issueIdsOrKeys":["IT-1","IT-9"],"fields":["*all"],"properties":["st"],"expand":["changelog"]}`).want(200)
	s.call("POST", p+"/changelog/bulkfetch", `{"issueIdsOrKeys":["IT-1"],"maxResults":1}`).want(200)
	s.call("POST", p+"/search/jql", `{"jql":"project = IT","maxResults":1,"properties":["st"],"reconcileIssues":[10101]}`).want(200)
	s.call("POST", p+"/search/jql", `{"jql":""}`).want(400)
	s.call("POST", p+"/search/approximate-count", `{"jql":"project = IT"}`).want(200)
	s.call("POST", p+"/jql/match", `{"issueIds":[10101],"jqls":["project = IT"]}`).want(200)
	s.call("PUT", p+"/issue/properties/st", `{"filter":{"entityIds":[10101],"currentValue":{"rev":1}},"value":{"rev":2}}`).want(200)
	s.call("GET", i+"/properties/none", "").want(404)
	s.call("DELETE", i+"/comment/20101", "").want(204)
	s.call("DELETE", p+"/issue/IT-2", "").want(204)
}
