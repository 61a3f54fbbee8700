package jira_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/sandbox/jira"
)

func TestRichTextIsReadableInBothDialects(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	doc := `{"type":"doc","version":1,"content":[
		{"type":"heading","attrs":{"level":3},"content":[{"type":"text","text":"Granted"}]},
		{"type":"paragraph","content":[{"type":"text","text":"by "},{"type":"text","text":"Noor","marks":[{"type":"strong"}]},
			{"type":"hardBreak"},{"type":"text","text":"in Slack","marks":[{"type":"link","attrs":{"href":"https://s.example/1"}}]}]},
		{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"a*b"}]}]}]},
		{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableHeader","content":[{"type":"paragraph","content":[{"type":"text","text":"k"}]}]},
			{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"v"}]}]}]}]},
		{"type":"codeBlock","content":[{"type":"text","text":"x = 1"}]}]}`
	s.call("POST", "/rest/api/3/issue/"+key+"/comment", `{"body":`+doc+`}`).want(201)
	is, _ := s.Issue(key)
	if want := "Granted\nby Noor\nin Slack (https://s.example/1)\n- a*b\nk | v\nx = 1"; is.Comments[0].Text != want {
		t.Fatalf("text %q, want %q", is.Comments[0].Text, want)
	}
	wiki := "h3. Granted\n\nby *Noor*\n[in Slack|https://s.example/1]\n\n* a\\*b\n\n||k|v|\n\n{code}\nx = 1\n{code}"
	s.call("GET", "/rest/servicedeskapi/request/"+key+"/comment", "").want(200).is(wiki, "values", 0, "body")
	s.call("GET", "/rest/api/2/issue/"+key+"/comment", "").want(200).is(wiki, "comments", 0, "body")
}

func TestBadDocumentsAreRefused(t *testing.T) {
	s := newSite(t, jira.Config{})
	path := "/rest/api/3/issue/" + s.raise("x") + "/comment"
	for name, body := range map[string]string{
		"no version": `{"type":"doc","content":[]}`,
		"empty text": adf(""),
		"unknown":    `{"type":"doc","version":1,"content":[{"type":"sparkle"}]}`,
		"too long":   adf(strings.Repeat("x", 32768)),
		"nothing":    `null`,
	} {
		if a := s.call("POST", path, `{"body":`+body+`}`); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	s.call("POST", path, `{"body":`+adf("x")+`,"visibility":{"type":"role","value":"Administrators"}}`).want(501)
}

func FuzzWiki(f *testing.F) {
	for _, seed := range []string{"*a* _b_ {{c}} [d|https://e.example] [~accountid:1]", "{code}\nx", "h1. y\n* z\n** w\n# 1", `\*\\`, "----\n\n*", "[|https://x]", "{{}}"} {
		f.Add(seed)
	}
	s := jira.New(jira.Config{})
	f.Cleanup(s.Close)
	key, err := s.RaiseRequest(s.Bot().AccountID, map[string]any{"summary": "x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := s.EditField(s.Bot().AccountID, key, "description", text); err != nil {
			return
		}
		is, _ := s.Issue(key)
		if text == "" && is.Description != "" {
			t.Fatalf("empty text became %q", is.Description)
		}
		if escaped := escapeWiki(text); escaped != "" {
			if err := s.EditField(s.Bot().AccountID, key, "description", "x"+escaped+"x"); err != nil {
				t.Fatal(err)
			}
			if is, _ := s.Issue(key); is.Description != "x"+text+"x" {
				t.Fatalf("%q escaped reads %q", text, is.Description)
			}
		}
	})
}

// escapeWiki escapes one line of letters and markup; other text is not its
// business and gives "".
func escapeWiki(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune(`*_{}[]|\`, r):
			b.WriteRune('\\')
		case r != ' ' && (r < 'a' || r > 'z'):
			return ""
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestApproversFollowTheField(t *testing.T) {
	s := newSite(t, jira.Config{Workflow: approvalFlow(jira.ApprovalRule{ConditionType: "number", ConditionValue: 2})})
	key, path := s.raiseWithApprovers(s.noor.AccountID, s.ann.AccountID)
	if err := s.AnswerApproval(s.noor.AccountID, key, "approve"); err != nil {
		t.Fatal(err)
	}
	s.call("PUT", "/rest/api/3/issue/"+key, fmt.Sprintf(`{"fields":{"customfield_10003":[{"accountId":%q},{"accountId":%q}]}}`,
		s.noor.AccountID, s.pat.AccountID)).want(204)
	s.call("GET", path, "").want(200).is("approved", "approvers", 0, "approverDecision").is(s.pat.AccountID, "approvers", 1, "approver", "accountId")
	if err := s.AnswerApproval(s.ann.AccountID, key, "approve"); err == nil {
		t.Fatal("a removed approver answered")
	}
	if err := s.AnswerApproval(s.pat.AccountID, key, "approve"); err != nil {
		t.Fatal(err)
	}
	if is, _ := s.Issue(key); is.Status != "In progress" {
		t.Fatalf("status %s", is.Status)
	}
}

func TestPageTokensMayRepeat(t *testing.T) {
	s := newSite(t, jira.Config{})
	for i := range 3 {
		s.raise(fmt.Sprint(i))
	}
	s.RepeatPageTokens(1)
	page := func(token string) string {
		body, err := json.Marshal(map[string]any{"jql": "project = IT order by key", "maxResults": 1, "nextPageToken": token})
		if err != nil {
			t.Fatal(err)
		}
		next, _ := s.call("POST", "/rest/api/3/search/jql", string(body)).want(200).at("nextPageToken").(string)
		return next
	}
	first := page("")
	if page(first) != first {
		t.Fatal("the token did not repeat")
	}
	if page(first) == first {
		t.Fatal("the token repeated for ever")
	}
}

func TestSlowAnswerIsCommitted(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.AddFault(jira.Fault{Method: "POST", Path: "/rest/api/3/issue/", After: true, Delay: time.Minute, Status: 504})
	key := s.raise("x")
	done := make(chan answer)
	go func() {
		a, _ := s.try("POST", "/rest/api/3/issue/"+key+"/transitions", `{"transition":{"id":"11"}}`)
		done <- a
	}()
	<-s.clock.Asked
	if is, _ := s.Issue(key); is.Status != "In progress" {
		t.Fatalf("status %s", is.Status)
	}
	s.clock.Advance(time.Minute)
	if a := <-done; a.status != 504 {
		t.Fatalf("status %d", a.status)
	}
}

func TestCloseEndsDelays(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.AddFault(jira.Fault{Delay: time.Hour})
	done := make(chan error)
	go func() {
		_, err := s.try("GET", "/rest/api/3/myself", "")
		done <- err
	}()
	<-s.clock.Asked
	s.Close()
	if err := <-done; err == nil {
		t.Fatal("a cut call was answered")
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	s := newSite(t, jira.Config{SearchLag: time.Second})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			key := s.raise(fmt.Sprint("n", i))
			s.call("POST", "/rest/api/3/issue/"+key+"/transitions", `{"transition":{"id":"11"}}`)
			s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT"}`)
			s.Issues()
			s.Stats()
		})
	}
	all.Wait()
	for i, is := range s.Issues() {
		if is.Status != "In progress" || is.Key != fmt.Sprint("IT-", i+1) {
			t.Fatalf("issue %d is %s in %s", i, is.Key, is.Status)
		}
	}
}
