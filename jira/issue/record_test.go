package issue_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

const (
	transitions = "/rest/api/3/issue/{issueIdOrKey}/transitions"
	comments    = "/rest/api/3/issue/{issueIdOrKey}/comment"
	issueItself = "/rest/api/3/issue/{issueIdOrKey}"
)

func TestCallsOfRecords(t *testing.T) {
	d := jiratest.New(t)
	first := jiratest.NewStory(d).Opened()
	first.Ask()
	first.Provision()

	s := jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = "AR-SECOND" }).Opened()
	check := func(step string, want map[string]int, f func()) {
		t.Helper()
		if diff := cmp.Diff(want, d.Calls(f)); diff != "" {
			t.Errorf("calls to record %s (-want +got):\n%s", step, diff)
		}
	}
	check("who was asked", map[string]int{"PUT " + issueItself: 1}, func() { s.Ask() })
	check("the approval", map[string]int{"POST " + transitions: 1, "POST " + comments: 1}, func() { s.Recorded(s.Agree()) })
	s.GrantEvent(access.EventRecorded, access.System())
	check("the access", map[string]int{"POST " + transitions: 1, "POST " + comments: 2}, func() { s.Recorded(s.GrantEvent(access.EventMemberAdded, access.System())) })
	s.Clock.Advance(6 * time.Hour)
	check("the end of time", map[string]int{"PUT " + issueItself: 1}, func() {
		s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	})
	check("the removal, by a way not taken before", map[string]int{
		"GET /rest/api/3/issue/{issueIdOrKey}": 1, "GET " + transitions: 1, "POST " + transitions: 1, "POST " + comments: 2,
		"GET /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}": 1, // whether such a transition takes the state along
	}, func() {
		s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	})
}

func TestWritesPerIssueStayWithinTheLimit(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.WriteLimits = true })).Opened()
	s.GrantAccess()
	s.Clock.Advance(6 * time.Hour)
	s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	s.Status("Closed")
}

// An issue that takes no more comments goes on to its status and carries its signed state. What
// is to be said there is written once there is room.
func TestAnIssueThatIsFullOfComments(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.CommentsPerIssue = 30 })).Opened()
	s.Ask()
	e := s.There()
	key, agent := s.Request.Issue.Key, s.Site.Accounts()[1].AccountID
	for range 30 - len(s.Issue(key).Comments) {
		if err := s.Site.Comment(agent, key, "Me, too", true); err != nil {
			t.Fatal(err)
		}
	}
	f := jiratest.Failure(t, s.Record(e, false), access.Rejected)
	if !strings.Contains(f.Sentence, "takes no more comments") {
		t.Error(f.Sentence)
	}
	is := s.Status("Granted")
	if len(is.Comments) != 30 || !strings.Contains(string(is.Properties["latchkey"]), fmt.Sprintf(`\"n\":%d,`, len(s.Entries))) {
		t.Errorf("%d comments; the state is %s", len(is.Comments), is.Properties["latchkey"])
	}
	for _, c := range is.Comments[25:] {
		if err := s.Site.DeleteComment(agent, key, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Record(e, true); err != nil {
		t.Fatal(err)
	}
	if is := s.Issue(key); len(jiratest.Comments(is, "Maya Lind now has")) != 1 || len(jiratest.Comments(is, "There: Maya Lind")) != 1 {
		t.Errorf("the comments are %+v", is.Comments)
	}
}

// Wherever an attempt breaks off, the next one completes it and says nothing twice.
func TestARepeatedRecordDoublesNothing(t *testing.T) {
	for _, path := range []string{transitions, comments} {
		for _, fault := range []sandbox.Fault{
			{After: true, Drop: true}, {Drop: true}, {After: true, Status: http.StatusServiceUnavailable}, {Status: http.StatusBadGateway},
		} {
			s := jiratest.NewStory(jiratest.New(t)).Opened()
			s.Ask()
			e := s.There()
			fault.Method, fault.Path = http.MethodPost, path
			s.Site.AddFault(fault)
			jiratest.Failure(t, s.Record(e, false), access.Unclear)
			s.Restart()
			if err := s.Record(e, true); err != nil {
				t.Fatalf("%s %+v: %v", path, fault, err)
			}
			if err := s.Record(e, true); err != nil {
				t.Fatalf("once more: %v", err)
			}
			is := s.Status("Granted")
			if len(jiratest.Comments(is, "Maya Lind now has")) != 1 || len(jiratest.Comments(is, "There: Maya Lind")) != 1 {
				t.Errorf("%s %+v: the comments are %+v", path, fault, is.Comments)
			}
			if !strings.Contains(string(is.Properties["latchkey"]), s.Story[len(s.Story)-1].Leaf.String()) {
				t.Errorf("%s %+v: the state is out of date", path, fault)
			}
		}
	}
}

// A failure that did nothing by itself still leaves a record half written. Who
// forgets that, as a caller may who is told to wait, gets no second comment.
func TestAHalfWrittenRecordIsCompleted(t *testing.T) {
	for status, want := range map[int]access.Class{429: access.Unclear, 503: access.Unclear, 403: access.Denied, 400: access.Rejected} {
		s := jiratest.NewStory(jiratest.New(t)).Opened()
		s.Ask()
		e := s.There()
		mended := s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: transitions, Status: status, RetryAfter: 7, Times: 2})
		f := jiratest.Failure(t, s.Record(e, false), want)
		if want == access.Unclear && f.After != 7*time.Second {
			t.Errorf("%d: wait %s, want 7s", status, f.After)
		}
		mended()
		s.Recorded(e)
		is := s.Status("Granted")
		if len(jiratest.Comments(is, "Maya Lind now has")) != 1 || len(jiratest.Comments(is, "There: Maya Lind")) != 1 {
			t.Errorf("%d: the comments are %+v", status, is.Comments)
		}
	}
}

// Evidence that customers could read is taken off the issue again, and said.
func TestEvidenceThatWouldBePublic(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.AllPublic = true })).Opened()
	s.Ask()
	f := jiratest.Failure(t, s.Record(s.Agree(), false), access.Rejected)
	if !strings.Contains(f.Sentence, "Jira shows customers a comment that is for agents only") {
		t.Errorf("the failure reads %s", f.Sentence)
	}
	if is := s.Issue(s.Request.Issue.Key); len(jiratest.Comments(is, "May decide at that moment")) != 0 {
		t.Errorf("the customer can read %+v", is.Comments)
	}
}

// Where the desk has a rule that moves issues when they are commented on, a status is
// not believed after a comment: every record ends where it should.
func TestARuleOfTheDeskIsReckonedWith(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Statuses = append(c.Workflow.Statuses, sandbox.Status{ID: "10055", Name: "Waiting for customer", Category: "indeterminate"})
		c.Workflow.Transitions = append(c.Workflow.Transitions,
			sandbox.Transition{ID: "101", Name: "Respond to customer", From: []string{"Waiting for approval", "In progress", "Granted"}, To: "Waiting for customer"},
			sandbox.Transition{ID: "102", Name: "Respond to support", From: []string{"Waiting for customer"}, To: "In progress"})
	})).Opened()
	if err := s.Site.AddRule(sandbox.Rule{Transition: "Respond to customer", Account: s.Account(jiratest.Noor)}); err != nil {
		t.Fatal(err)
	}
	s.Ask()
	e := s.Agree()
	s.Recorded(e)
	if err := s.Client.Issues.Late(t.Context(), s.Case, e, false); err != nil {
		t.Fatal(err)
	}
	s.Status("Waiting for customer") // nobody knew of the rule
	s.Client.Issues.StatusSeen(s.Request.Issue.ID, "10055")
	s.GrantEvent(access.EventRecorded, access.System())
	s.Recorded(s.GrantEvent(access.EventMemberAdded, access.System()))
	s.Status("Granted")
	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Status("Granted")
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	s.Status("Closed")
}

// The portal's names of statuses say nothing about where an issue stands.
func TestStatusesAreKnownByTheirIDs(t *testing.T) {
	d := jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.ApprovalWorkflow()
		c.Workflow.FindStatus("New request").Portal = "Waiting for approval"
		c.Workflow.FindStatus("Waiting for approval").Approval = nil
	})
	for _, id := range []string{"AR-FIRST", "AR-SECOND", "AR-THIRD"} {
		s := jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = id }).Opened()
		s.Ask()
		s.Status("Waiting for approval")
	}
}

func TestAFailedStateIsLookedAtFirst(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: issueItself, Drop: true})
	e := s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
	jiratest.Failure(t, s.Record(e, false), access.Transient)
	s.Restart()
	if err := s.Record(e, true); err != nil {
		t.Fatal(err)
	}
	if is := s.Status("Waiting for approval"); !strings.Contains(string(is.Properties["latchkey"]), e.Leaf.String()) {
		t.Errorf("the state is out of date: %s", is.Properties["latchkey"])
	}
}

func TestARecordedEventIsFoundBehindManyComments(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	e := s.Agree()
	s.Recorded(e)
	agent := s.Site.Bot().AccountID
	for range 230 {
		if err := s.Site.Comment(agent, s.Request.Issue.Key, "Chatter", true); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Record(e, true); err != nil {
		t.Fatal(err)
	}
	if n := len(jiratest.Comments(s.Status("In progress"), "Approved in Slack by Noor")); n != 1 {
		t.Errorf("%d comments, want 1", n)
	}
}

// Another process goes on with the request; what this one remembers is stale.
func TestTwoProcesses(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.GrantAccess()
	here := s.Client
	s.Restart()
	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	s.Status("Needs attention")
	s.Client = here
	s.Recorded(s.GrantEvent(access.EventRetried, jiratest.Slack(jiratest.Iris)))
	s.Status("Granted")
}

func TestAnIssueThatIsGone(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	if err := s.Site.DeleteIssue(s.Site.Bot().AccountID, s.Request.Issue.Key); err != nil {
		t.Fatal(err)
	}
	f := jiratest.Failure(t, s.Record(s.Agree(), false), access.Rejected)
	if !strings.Contains(f.Sentence, "does not exist") {
		t.Errorf("the failure reads %s", f.Sentence)
	}
}

func TestAMovedIssueIsFollowed(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	key, err := s.Site.MoveIssue(s.Site.Bot().AccountID, s.Request.Issue.Key, "SUP")
	if err != nil {
		t.Fatal(err)
	}
	s.Ask()
	s.Recorded(s.Agree())
	if is := s.Issue(key); len(jiratest.Comments(is, "Approved in Slack by Noor Haddad")) != 1 {
		t.Errorf("%s does not say who decided", key)
	}
}

func TestRecordBeforeTheIssueIsOpen(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t))
	jiratest.Failure(t, s.Record(s.Agree(), false), access.Transient)
}

// A yes that is recorded when its access is there already takes the steps that it takes otherwise:
// what comes together is no other way, which would have to be asked for.
func TestAYesWhoseAccessIsThereTakesTheSameSteps(t *testing.T) {
	d := jiratest.New(t)
	first := jiratest.NewStory(d).Opened()
	first.Ask()
	first.Provision()

	s := jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = "AR-SECOND" }).Opened()
	s.Ask()
	yes := s.Agree()
	s.GrantEvent(access.EventRecorded, access.System())
	in := s.GrantEvent(access.EventMemberAdded, access.System())
	for _, c := range []struct {
		e        access.Event
		status   string
		comments int
	}{{yes, "In progress", 1}, {in, "Granted", 2}} {
		want := map[string]int{"POST " + transitions: 1, "POST " + comments: c.comments}
		if diff := cmp.Diff(want, d.Calls(func() { s.Recorded(c.e) })); diff != "" {
			t.Errorf("calls to record %s (-want +got):\n%s", c.e.Kind, diff)
		}
		s.Status(c.status)
	}
}
