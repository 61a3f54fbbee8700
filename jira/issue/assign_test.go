package issue_test

import (
	"net/http"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

const ines = "ines@acme.example"

// assigning is a site with an agent to whom issues can be assigned.
func assigning(t *testing.T, who map[string][]string) *jiratest.Desk {
	t.Helper()
	d := jiratest.New(t)
	d.Site.AddAccount(sandbox.Account{Email: ines, DisplayName: "Ines Okafor", Active: true, Agent: true})
	d.Config.Site.Assignees = who
	d.Restart()
	return d
}

func stuckOne(t *testing.T, d *jiratest.Desk) *jiratest.Story {
	t.Helper()
	s := jiratest.NewStory(d).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.GrantEvent(access.EventRecorded, access.System())
	return s
}

func (d assigned) is(want access.PersonID) {
	d.T.Helper()
	id := ""
	if want != "" {
		id = d.Account(want)
	}
	if is := d.Issue(d.Request.Issue.Key); is.Assignee != id {
		d.T.Errorf("it is assigned to %q, want %s", is.Assignee, want)
	}
}

type assigned struct{ *jiratest.Story }

// An issue that needs somebody is somebody's: the first whom Jira takes.
func TestWhatNeedsSomebodyIsAssigned(t *testing.T) {
	s := stuckOne(t, assigning(t, map[string][]string{site.Stuck: {string(jiratest.Iris), string(jiratest.Noor), ines}}))
	assigned{s}.is("")
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	assigned{s}.is(ines) // Iris has no account, and Noor is no agent

	byHand := jiratest.NewStory(assigning(t, nil), func(s *jiratest.Story) {
		s.App.Provisioning, s.App.FulfilledBy = catalog.Manual, []string{ines}
	}).Opened()
	byHand.Ask()
	byHand.Recorded(byHand.Agree())
	byHand.Recorded(byHand.GrantEvent(access.EventRecorded, access.System()))
	assigned{byHand}.is(ines)
}

// Nobody's issue is taken away, and that nobody can be assigned holds nothing up.
func TestWhoIsAssignedAlreadyStays(t *testing.T) {
	d := assigning(t, map[string][]string{site.Stuck: {ines}})
	omar := access.PersonID("omar@acme.example")
	d.Site.AddAccount(sandbox.Account{Email: string(omar), DisplayName: "Omar Diaz", Active: true, Agent: true})
	s := stuckOne(t, d)
	if err := d.Site.EditField(d.Account(omar), s.Request.Issue.Key, "assignee", map[string]string{"accountId": d.Account(omar)}); err != nil {
		t.Fatal(err)
	}
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	assigned{s}.is(omar)
}

func TestThatNobodyCanBeAssignedHoldsNothingUp(t *testing.T) {
	for name, d := range map[string]*jiratest.Desk{
		"nobody is named":      assigning(t, map[string][]string{site.Stuck: {}}),
		"no agent":             assigning(t, map[string][]string{site.Stuck: {string(jiratest.Noor)}}),
		"without a permission": assigning(t, map[string][]string{site.Stuck: {ines}}),
	} {
		if name == "without a permission" {
			d.Site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: "/rest/api/3/issue/{issueIdOrKey}/assignee", Status: http.StatusForbidden, Times: -1})
		}
		s := stuckOne(t, d)
		s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
		s.Status("Needs attention")
		assigned{s}.is("")
	}
}

// Approvers and those who make changes get no mails by taking part.
func TestNobodyIsMadeToTakePart(t *testing.T) {
	s := stuckOne(t, assigning(t, map[string][]string{site.Stuck: {ines}}))
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	if is := s.Issue(s.Request.Issue.Key); is.Fields["customfield_10026"] != "" {
		t.Errorf("they take part: %s", is.Fields["customfield_10026"])
	}
}

// Who takes a task on becomes the assignee, whoever that was; what can't be taken away goes to
// IT.
func TestWhoTakesATaskOnBecomesTheAssignee(t *testing.T) {
	d := assigning(t, map[string][]string{site.Stuck: {ines}})
	omar := access.PersonID("omar@acme.example")
	d.Site.AddAccount(sandbox.Account{Email: string(omar), DisplayName: "Omar Diaz", Active: true, Agent: true})
	s := jiratest.NewStory(d, func(s *jiratest.Story) {
		s.App.Provisioning, s.App.FulfilledBy = catalog.Manual, []string{ines, string(omar)}
		s.People = map[access.PersonID]access.Person{omar: {ID: omar, Email: access.Email(omar), Name: "Omar Diaz"}}
	}).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.Recorded(s.GrantEvent(access.EventRecorded, access.System()))
	assigned{s}.is(ines)
	s.Recorded(s.GrantEvent(access.EventTaken, jiratest.Slack(omar), func(e *access.Event) { e.Direction = access.Granting }))
	assigned{s}.is(omar)
	s.Recorded(s.GrantEvent(access.EventFulfilled, jiratest.Slack(omar), func(e *access.Event) { e.Direction = access.Granting }))
	s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Recorded(s.GrantEvent(access.EventNotFulfilled, jiratest.Slack(omar), func(e *access.Event) { e.Direction, e.Reason = access.Revoking, "Only their support can" }))
	assigned{s}.is(ines)
}
