package issue_test

import (
	"strings"
	"testing"

	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

// closedIssue is a case whose issue was closed when access was given, where the workflow may have a way back.
func closedIssue(t *testing.T, back bool) *jiratest.Story {
	d := closing(t, site.Granted)
	if back {
		flow := d.Site.Workflow()
		flow.Transitions = append(flow.Transitions, sandbox.Transition{ID: "201", Name: "Reopen", From: []string{"Closed"}, To: "Granted"})
		if err := d.Site.SetWorkflow(flow); err != nil {
			t.Fatal(err)
		}
	}
	s := jiratest.NewStory(d, forever).Opened()
	s.GrantAccess()
	return s
}

// What is closed is opened again where the workflow lets it be, and goes back to where its case has it.
func TestWhatIsClosedIsOpenedAgain(t *testing.T) {
	s := closedIssue(t, true)
	at := s.Case.Request.Issue
	for range 2 { // the second time it is open
		if why, err := s.Client.Issues.Reopen(t.Context(), at); err != nil || why != "" || s.Issue(s.Case.Request.Issue.Key).Status != "Granted" {
			t.Fatalf("%q, %v: it is %s", why, err, s.Issue(s.Case.Request.Issue.Key).Status)
		}
	}
	s.Case.Reopened = true
	if err := s.Client.Issues.Settle(t.Context(), s.Case); err != nil || s.Issue(s.Case.Request.Issue.Key).Status != "Granted" {
		t.Errorf("%v: it is %s while something is still to happen", err, s.Issue(s.Case.Request.Issue.Key).Status)
	}
	s.Case.Reopened = false
	if err := s.Client.Issues.Settle(t.Context(), s.Case); err != nil || s.Issue(s.Case.Request.Issue.Key).Status != "Closed" || s.Issue(s.Case.Request.Issue.Key).Resolution != "Granted" {
		t.Errorf("%v: it is %s, %s", err, s.Issue(s.Case.Request.Issue.Key).Status, s.Issue(s.Case.Request.Issue.Key).Resolution)
	}
}

// A workflow without a way back is told in words that say what to do about it.
func TestWhatCantBeOpenedAgain(t *testing.T) {
	s := closedIssue(t, false)
	why, err := s.Client.Issues.Reopen(t.Context(), s.Case.Request.Issue)
	if err != nil || !strings.Contains(why, "no way back from Closed to Granted") || s.Issue(s.Case.Request.Issue.Key).Status != "Closed" {
		t.Errorf("%q, %v: it is %s", why, err, s.Issue(s.Case.Request.Issue.Key).Status)
	}
}
