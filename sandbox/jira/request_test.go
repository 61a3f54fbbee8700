package jira_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/jira"
)

func TestRequestIsRaisedOnBehalfOf(t *testing.T) {
	s := newSite(t, jira.Config{})
	body := fmt.Sprintf(`{"serviceDeskId":"10","requestTypeId":"25","raiseOnBehalfOf":%q,"requestParticipants":[%q],
		"requestFieldValues":{"summary":"Figma [AR-1]","description":"a *bold* plan","labels":["latchkey"],
		"customfield_10003":[{"accountId":%q}]}}`, s.ann.AccountID, s.noor.AccountID, s.noor.AccountID)
	a := s.call("POST", "/rest/servicedeskapi/request", body).want(201)
	a.is("IT-1", "issueKey").is("Waiting for approval", "currentStatus", "status").is("NEW", "currentStatus", "statusCategory")
	a.is(s.ann.AccountID, "reporter", "accountId").is("25", "requestTypeId").is("2026-11-23T09:00:00+0000", "createdDate", "iso8601")

	is, found := s.Issue("it-1")
	if !found || is.Reporter != s.ann.AccountID || is.Creator != s.Bot().AccountID || is.Description != "a bold plan" {
		t.Fatalf("unexpected issue %+v", is)
	}
	if is.Fields["customfield_10003"] != "Noor Aziz" || len(is.Participants) != 1 || !is.Request {
		t.Fatalf("unexpected issue %+v", is)
	}
	s.call("GET", "/rest/servicedeskapi/request/IT-1?expand=participant,status", "").want(200).
		is("Noor Aziz", "participants", "values", 0, "displayName").size(1, "status", "values")
}

func TestRequestRefusals(t *testing.T) {
	s := newSite(t, jira.Config{})
	outsider := s.AddAccount(jira.Account{Email: "out@acme.example", Active: true})
	for name, body := range map[string]string{
		"unknown field":    `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x","priority":"High"}}`,
		"missing summary":  `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"description":"x"}}`,
		"newline":          `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"a\nb"}}`,
		"wrong desk":       `{"serviceDeskId":"11","requestTypeId":"25","requestFieldValues":{"summary":"x"}}`,
		"wrong type":       `{"serviceDeskId":"10","requestTypeId":"26","requestFieldValues":{"summary":"x"}}`,
		"numeric ids":      `{"serviceDeskId":10,"requestTypeId":25,"requestFieldValues":{"summary":"x"}}`,
		"unknown member":   `{"serviceDeskId":"10","requestTypeId":"25","properties":[],"requestFieldValues":{"summary":"x"}}`,
		"username":         `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x","customfield_10003":[{"name":"noor"}]}}`,
		"label with space": `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"x","labels":["a b"]}}`,
		"no customer":      fmt.Sprintf(`{"serviceDeskId":"10","requestTypeId":"25","raiseOnBehalfOf":%q,"requestFieldValues":{"summary":"x"}}`, outsider.AccountID),
	} {
		a := s.call("POST", "/rest/servicedeskapi/request", body)
		if a.status != 400 || a.at("errorMessage") == nil {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	if n := len(s.Issues()); n != 0 {
		t.Fatalf("refused requests left %d issues", n)
	}
	if key := s.raise("ok"); key != "IT-1" {
		t.Fatalf("first key is %s", key)
	}
}

func TestCreateTimesOutAfterCommit(t *testing.T) {
	s := newSite(t, jira.Config{SearchLag: 40 * time.Second})
	s.AddFault(jira.Fault{Method: "POST", Path: "/rest/servicedeskapi/request", After: true, Drop: true})
	body := `{"serviceDeskId":"10","requestTypeId":"25","requestFieldValues":{"summary":"Figma [AR-7F3K9Q]"}}`
	if a, err := s.try("POST", "/rest/servicedeskapi/request", body); err == nil {
		t.Fatalf("the answer should be lost, got %d", a.status)
	}
	search := `{"jql":"project = IT AND summary ~ \"\\\"AR-7F3K9Q\\\"\" AND created >= -60m","fields":["summary"]}`
	s.call("POST", "/rest/api/3/search/jql", search).want(200).size(0, "issues")
	s.call("POST", "/rest/api/3/issue/bulkfetch", `{"issueIdsOrKeys":["IT-1","IT-2"],"fields":["summary"]}`).want(200).
		size(1, "issues").is("Figma [AR-7F3K9Q]", "issues", 0, "fields", "summary").size(0, "issueErrors")
	s.clock.Advance(41 * time.Second)
	s.call("POST", "/rest/api/3/search/jql", search).want(200).size(1, "issues").is("IT-1", "issues", 0, "key")
	calls := s.Calls()
	if c := calls[0]; c.Status != 0 && c.Fault != "drop after commit" {
		t.Fatalf("unexpected first call %+v", c)
	}
}

func TestDelayFollowsTheClock(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.AddFault(jira.Fault{Path: "/rest/api/3/myself", Delay: time.Minute})
	done := make(chan answer)
	go func() {
		a, _ := s.try("GET", "/rest/api/3/myself", "")
		done <- a
	}()
	<-s.clock.Asked
	select {
	case a := <-done:
		t.Fatalf("answered before the delay: %d", a.status)
	default:
	}
	s.clock.Advance(time.Minute)
	if a := <-done; a.status != 200 {
		t.Fatalf("status %d", a.status)
	}
}

func TestFaultsAndOutage(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.AddFault(jira.Fault{Path: "/rest/api/3/issue/{issueIdOrKey}", Status: 429, RetryAfter: 7, Reason: "jira-burst-based"})
	key := s.raise("x")
	a := s.call("GET", "/rest/api/3/issue/"+key, "").want(429)
	if a.header.Get("Retry-After") != "7" || a.header.Get("RateLimit-Reason") != "jira-burst-based" {
		t.Fatalf("headers %v", a.header)
	}
	s.call("GET", "/rest/api/3/issue/"+key, "").want(200)

	s.AddFault(jira.Fault{Path: "*", Until: s.clock.Now().Add(time.Hour)})
	s.call("GET", "/rest/api/3/myself", "").want(503)
	s.call("GET", "/rest/api/3/myself", "").want(503)
	s.clock.Advance(time.Hour)
	s.call("GET", "/rest/api/3/myself", "").want(200)

	s.AddFault(jira.Fault{Path: "/rest/*/request/*/comment", Times: -1, Status: 500})
	s.call("GET", "/rest/servicedeskapi/request/IT-1/comment", "").want(500)
	s.ClearFaults()
	s.AddFault(jira.Fault{Method: "POST", Path: "/rest/servicedeskapi/request", Times: -1, Status: 500})
	s.call("POST", "/rest/servicedeskapi/request/IT-1/comment", `{"body":"x","public":true}`).want(201)
	s.call("POST", "/rest/servicedeskapi/request", `{}`).want(500)
	s.ClearFaults()
	s.call("GET", "/rest/servicedeskapi/request/IT-1/comment", "").want(200)
	if n := s.Stats()["GET /rest/api/3/issue/{issueIdOrKey}"]; n != 2 {
		t.Fatalf("counted %d issue reads", n)
	}
}

func TestCommentsAndVisibility(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	path := "/rest/api/3/issue/" + key + "/comment"
	s.call("POST", path, `{"body":"plain"}`).want(400)
	s.call("POST", path, `{"body":`+adf("hello")+`}`).want(201).is(true, "jsdPublic")
	a := s.call("POST", path, `{"body":`+adf("evidence")+`,"properties":[{"key":"sd.public.comment","value":{"internal":true}},{"key":"bot.ev","value":{"id":"e1"}}]}`).
		want(201).is(false, "jsdPublic")
	id, _ := a.at("id").(string)
	s.call("PUT", path+"/"+id, `{"body":`+adf("evidence 2")+`}`).want(200).is(false, "jsdPublic")
	s.call("GET", path+"?expand=properties&orderBy=-created", "").want(200).is("bot.ev", "comments", 0, "properties", 0, "key")

	desk := "/rest/servicedeskapi/request/" + key + "/comment"
	s.call("GET", desk, "").want(200).size(2, "values")
	s.call("GET", desk, "", as(s.ann.Email, "ann-token")).want(200).size(1, "values")
	s.call("GET", desk, "", as(s.pat.Email, "pat-token")).want(200).size(0, "values")
	s.call("POST", desk, `{"body":"no flag"}`).want(400)
	s.call("POST", desk, `{"body":"*loud* \\*calm\\*","public":true}`).want(201).is(true, "public")

	is, _ := s.Issue(key)
	if got := is.Comments[2].Text; got != "loud *calm*" {
		t.Fatalf("wiki text reads %q", got)
	}
	if string(is.Comments[1].Properties["bot.ev"]) != `{"id":"e1"}` || is.Comments[1].Public {
		t.Fatalf("unexpected comment %+v", is.Comments[1])
	}
	if err := s.Comment(s.ann.AccountID, key, "thanks", false); err == nil {
		t.Fatal("a customer wrote an internal comment")
	}
	if err := s.Comment(s.ann.AccountID, key, "thanks", true); err != nil {
		t.Fatal(err)
	}
	if text := s.Render(is); !strings.Contains(text, "internal\nevidence 2") || !strings.Contains(text, "Reporter: Ann Lee") {
		t.Fatalf("rendered %s", text)
	}
}

func TestIssuesWithoutRequestTypeAreNoRequests(t *testing.T) {
	s := newSite(t, jira.Config{})
	body := `{"fields":{"project":{"key":"IT"},"issuetype":{"name":"Task"},"summary":"plain","description":` + adf("d") + `},
		"properties":[{"key":"bot.state","value":{"rev":1}}]}`
	s.call("POST", "/rest/api/3/issue", body).want(201).is("IT-1", "key")
	s.call("GET", "/rest/servicedeskapi/request/IT-1", "").want(404)
	s.call("GET", "/rest/api/3/issue/IT-1?fields=summary,status&properties=*all", "").want(200).
		is(1, "properties", "bot.state", "rev").is("plain", "fields", "summary").is(nil, "fields", "description")
	s.call("POST", "/rest/api/3/issue", `{"fields":{"project":{"key":"IT"},"issuetype":{"name":"Task"}}}`).want(400).
		is("You must specify a summary of the issue.", "errors", "summary")
}

func TestVerbsOfPeople(t *testing.T) {
	changes := make(chan struct{}, 100)
	s := newSite(t, jira.Config{OnChange: func() { changes <- struct{}{} }})
	key, err := s.RaiseRequest(s.pat.AccountID, map[string]any{"summary": "From the portal"})
	if err != nil {
		t.Fatal(err)
	}
	<-changes
	is, _ := s.Issue(key)
	if is.Creator != s.pat.AccountID || string(is.Properties["request.channel.type"]) != `{"value":"portal"}` {
		t.Fatalf("unexpected issue %+v", is)
	}
	if err := s.EditField(s.noor.AccountID, key, "summary", "Changed"); err != nil {
		t.Fatal(err)
	}
	moved, err := s.MoveIssue(s.noor.AccountID, key, "OPS")
	if err != nil || moved != "OPS-1" {
		t.Fatalf("moved to %q, %v", moved, err)
	}
	s.call("GET", "/rest/api/3/issue/"+key, "").want(200).is("OPS-1", "key").is("Changed", "fields", "summary")
	if err := s.DeleteIssue(s.noor.AccountID, moved); err != nil {
		t.Fatal(err)
	}
	s.call("GET", "/rest/api/3/issue/"+key, "").want(404)
	if _, err := s.RaiseRequest("nobody", nil); err == nil {
		t.Fatal("an unknown account raised a request")
	}
}

func TestParticipantsAndPortalTransitions(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	path := "/rest/servicedeskapi/request/" + key
	s.call("POST", path+"/participant", fmt.Sprintf(`{"accountIds":[%q]}`, s.pat.AccountID)).want(200).size(1, "values")
	s.call("POST", path+"/participant", `{"accountIds":["nobody"]}`).want(400)
	s.call("GET", path, "", as(s.pat.Email, "pat-token")).want(200)
	s.call("DELETE", path+"/participant", fmt.Sprintf(`{"accountIds":[%q]}`, s.pat.AccountID)).want(200).size(0, "values")
	s.call("GET", path, "", as(s.pat.Email, "pat-token")).want(403)
	s.call("GET", path+"/transition", "").want(200).size(1, "values").is("Customer withdraws", "values", 0, "name")
	s.call("POST", path+"/transition", `{"id":"11"}`).want(400)
	s.call("POST", path+"/transition", `{"id":"31","additionalComment":{"body":"never mind"}}`, as(s.ann.Email, "ann-token")).want(http.StatusNoContent)
	is, _ := s.Issue(key)
	if is.Status != "Canceled" || is.Resolution != "" || len(is.Comments) != 1 {
		t.Fatalf("unexpected issue %+v", is)
	}
	s.call("GET", path+"/status", "").want(200).is("Canceled", "values", 0, "status").is("Waiting for approval", "values", 1, "status")
}
