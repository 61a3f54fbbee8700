package jira_test

import (
	"net/http"
	"testing"

	"latchkey/sandbox/jira"
)

// Pages may be short, and those after the first be lost, until the fault is disarmed.
func TestPagesThatAreShortOrLost(t *testing.T) {
	s := newSite(t, jira.Config{})
	for range 3 {
		s.raise("Figma please")
	}
	ask := func(token string) answer {
		return s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT","maxResults":100`+token+`}`)
	}
	short := s.AddFault(jira.Fault{Path: "/rest/api/3/search/jql", Short: 2, Times: -1})
	first := ask("").want(http.StatusOK).size(2, "issues")
	short()
	more, _ := first.at("nextPageToken").(string)
	lost := s.AddFault(jira.Fault{Later: true, Status: http.StatusBadGateway, Times: -1})
	ask(`,"nextPageToken":"` + more + `"`).want(http.StatusBadGateway)
	ask("").want(http.StatusOK).size(3, "issues")
	s.call("GET", "/rest/servicedeskapi/request?start=1", "").want(http.StatusBadGateway)
	lost()
	ask(`,"nextPageToken":"`+more+`"`).want(http.StatusOK).size(1, "issues")
}

// A rule of the desk can be switched off again.
func TestARuleIsSwitchedOff(t *testing.T) {
	s := newSite(t, jira.Config{})
	rule := jira.Rule{Transition: "Approve request", Account: s.noor.AccountID}
	for _, change := range []func(jira.Rule) error{s.AddRule, s.RemoveRule} {
		if err := change(rule); err != nil {
			t.Fatal(err)
		}
	}
	key := s.raise("Figma please")
	if err := s.Comment(s.ann.AccountID, key, "When?", true); err != nil {
		t.Fatal(err)
	}
	if is, _ := s.Issue(key); is.Status != "Waiting for approval" || is.StatusID != "10001" {
		t.Errorf("the issue is %s (%s)", is.Status, is.StatusID)
	}
}
