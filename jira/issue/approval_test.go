package issue_test

import (
	"testing"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

func approvals(c *sandbox.Config) { c.Workflow = sandbox.ApprovalWorkflow() }

func TestApproversAreNamedBeforeTheyAreAsked(t *testing.T) {
	d := jiratest.New(t, approvals)
	d.MapFields(map[string]string{"approvers": "Approvers"})
	s := jiratest.NewStory(d).Opened()
	s.Status("New request")
	s.Ask()
	a := s.Status("Waiting for approval").Approvals
	if len(a) != 1 || len(a[0].Decisions) != 2 || a[0].Decisions[s.Account(jiratest.Noor)] != "pending" {
		t.Fatalf("approvals %+v", a)
	}
	if err := s.Site.AnswerApproval(s.Account(jiratest.Noor), s.Request.Issue.Key, "approve"); err != nil {
		t.Fatal(err)
	}
	seen := s.Changes(s.Clock.Now())
	if len(seen.Votes) != 1 || !seen.Votes[0].Yes || seen.Votes[0].By.Email != access.Email(jiratest.Noor) || seen.Votes[0].At.IsZero() {
		t.Errorf("votes %+v", seen.Votes)
	}
	s.Recorded(s.Agree())
	s.Status("In progress")
}

func TestADecisionMadeElsewhereIsPassedOnHonestly(t *testing.T) {
	for name, yes := range map[string]bool{"In progress": true, "Declined": false} {
		d := jiratest.New(t, approvals)
		d.MapFields(map[string]string{"approvers": "Approvers"})
		s := jiratest.NewStory(d).Opened()
		s.Ask()
		if yes {
			s.Recorded(s.Agree())
		} else {
			s.Recorded(s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, "No seats" }))
		}
		is := s.Status(name)
		if len(jiratest.Comments(is, "Jira shows Latchkey as the approver")) != 1 || len(jiratest.Comments(is, "in Slack by Noor Haddad (noor@acme.example)")) != 1 {
			t.Errorf("the issue does not say who decided: %+v", is.Comments)
		}
		if seen := s.Changes(s.Clock.Now()); len(seen.Votes) != 0 {
			t.Errorf("Latchkey takes its own answer for somebody's: %+v", seen.Votes)
		}
	}
}

func TestSomebodyFasterThanLatchkeyIsNoFailure(t *testing.T) {
	d := jiratest.New(t, approvals)
	d.MapFields(map[string]string{"approvers": "Approvers"})
	s := jiratest.NewStory(d).Opened()
	s.Ask()
	d.Site.AddFault(sandbox.Fault{Method: "POST", Path: "/rest/servicedeskapi/request/{issueIdOrKey}/approval/{approvalId}", Status: 409})
	e := s.Agree()
	if err := s.Site.AnswerApproval(s.Account(jiratest.Noor), s.Request.Issue.Key, "approve"); err != nil {
		t.Fatal(err)
	}
	s.Recorded(e)
	s.Status("In progress")
}
