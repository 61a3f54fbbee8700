package jira_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	gojira "github.com/andygrunwald/go-jira"

	"latchkey/sandbox/jira"
)

// direct sends a search past the network.
func direct(t testing.TB, s *jira.Server, jql string) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"jql": jql})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("POST", "/rest/api/3/search/jql", strings.NewReader(string(body)))
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("latchkey@acme.example", "demo-jira-token")
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	return rec.Code, rec.Body.String()
}

func (s *site) client() *gojira.Client {
	s.t.Helper()
	tp := gojira.BasicAuthTransport{Username: "latchkey@acme.example", Password: "demo-jira-token", Transport: s.http.Transport}
	c, err := gojira.NewClient(tp.Client(), s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestGoJira(t *testing.T) {
	s := newSite(t, jira.Config{})
	c := s.client()
	self, _, err := c.User.GetSelf()
	if err != nil || self.AccountID != s.Bot().AccountID {
		t.Fatalf("%+v, %v", self, err)
	}
	key := s.raise("x")
	list, _, err := c.Issue.GetTransitions(key)
	if err != nil || len(list) != 5 || !list[1].Fields["resolution"].Required {
		t.Fatalf("%+v, %v", list, err)
	}
	resp, err := c.Issue.DoTransitionWithPayload(key, map[string]any{"transition": map[string]string{"id": list[0].ID}})
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Fatalf("%v, %v", resp, err)
	}
	if _, _, err := c.Issue.AddComment(key, &gojira.Comment{Body: "h3. Granted\n* one\n* two"}); err != nil {
		t.Fatal(err)
	}
	is, _, err := c.Issue.Get(key, nil)
	if err != nil || is.Fields.Status.Name != "In progress" || is.Fields.Description != "please" {
		t.Fatalf("%+v, %v", is, err)
	}
	s.call("GET", "/rest/api/3/issue/"+key+"/comment", "").want(200).is("heading", "comments", 0, "body", "content", 0, "type")
	fields, _, err := c.Field.GetList()
	if err != nil || len(fields) == 0 {
		t.Fatalf("%v, %v", fields, err)
	}
	if _, _, err := c.Issue.Search("project = IT", nil); err == nil || !strings.Contains(err.Error(), "410") && !strings.Contains(err.Error(), "removed") {
		t.Fatalf("the removed search answered: %v", err)
	}
	found, _, err := c.Issue.SearchV2JQL("project = IT", &gojira.SearchOptionsV2{Fields: []string{"summary"}})
	if err != nil || len(found) != 1 || found[0].Key != key {
		t.Fatalf("%+v, %v", found, err)
	}
}

func TestGoJiraLinksAndCreate(t *testing.T) {
	s := newSite(t, jira.Config{})
	c := s.client()
	made, _, err := c.Issue.Create(&gojira.Issue{Fields: &gojira.IssueFields{Project: gojira.Project{Key: "IT"},
		Type: gojira.IssueType{Name: "Task"}, Summary: "made", Description: "*wiki*"}})
	if err != nil {
		t.Fatal(err)
	}
	other := s.raise("other")
	if _, err := c.Issue.AddLink(&gojira.IssueLink{Type: gojira.IssueLinkType{Name: "Relates"},
		InwardIssue: &gojira.Issue{Key: made.Key}, OutwardIssue: &gojira.Issue{Key: other}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Issue.AddRemoteLink(other, &gojira.RemoteLink{GlobalID: "g", Object: &gojira.RemoteLinkObject{URL: "https://x.example", Title: "x"}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Issue.PostAttachment(other, strings.NewReader("data"), "f.txt"); err != nil {
		t.Fatal(err)
	}
	is, _ := s.Issue(other)
	if len(is.Links) != 1 || len(is.RemoteLinks) != 1 || len(is.Attachments) != 1 {
		t.Fatalf("unexpected issue %+v", is)
	}
}
