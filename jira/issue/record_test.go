package issue_test

import (
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
	check("who was asked", map[string]int{"POST " + comments: 1, "PUT " + issueItself: 1}, func() { s.Ask() })
	check("the approval", map[string]int{"POST " + transitions: 1, "POST " + comments: 1}, func() { s.Recorded(s.Agree()) })
	s.GrantEvent(access.EventRecorded, access.System())
	check("the access", map[string]int{"POST " + transitions: 1, "POST " + comments: 1}, func() { s.Recorded(s.GrantEvent(access.EventMemberAdded, access.System())) })
	s.Clock.Advance(6 * time.Hour)
	check("the end of time", map[string]int{"POST " + comments: 1, "PUT " + issueItself: 1}, func() {
		s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	})
	check("the removal, by a way not taken before", map[string]int{
		"GET /rest/api/3/issue/{issueIdOrKey}": 1, "GET " + transitions: 1, "POST " + transitions: 1, "POST " + comments: 1,
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

// Wherever an attempt breaks off, the next one completes it and says nothing twice.
func TestARepeatedRecordDoublesNothing(t *testing.T) {
	for _, path := range []string{transitions, comments} {
		for _, fault := range []sandbox.Fault{
			{After: true, Drop: true}, {Drop: true}, {After: true, Status: http.StatusServiceUnavailable}, {Status: http.StatusBadGateway},
		} {
			s := jiratest.NewStory(jiratest.New(t)).Opened()
			s.Ask()
			e := s.Agree()
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
			is := s.Status("In progress")
			if len(jiratest.Comments(is, "Approved in Slack")) != 1 || len(jiratest.Comments(is, "Evidence for the approval")) != 1 {
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
		e := s.Agree()
		s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: comments, Status: status, RetryAfter: 7})
		f := jiratest.Failure(t, s.Record(e, false), want)
		if want == access.Unclear && f.After != 7*time.Second {
			t.Errorf("%d: wait %s, want 7s", status, f.After)
		}
		s.Recorded(e)
		is := s.Status("In progress")
		if len(jiratest.Comments(is, "Approved in Slack")) != 1 || len(jiratest.Comments(is, "Evidence for the approval")) != 1 {
			t.Errorf("%d: the comments are %+v", status, is.Comments)
		}
	}
}

func TestAFailedStateIsLookedAtFirst(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: issueItself, Drop: true})
	e := s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
	jiratest.Failure(t, s.Record(e, false), access.Unclear)
	s.Restart()
	if err := s.Record(e, true); err != nil {
		t.Fatal(err)
	}
	if n := len(jiratest.Comments(s.Status("Waiting for approval"), "Waiting for Noor")); n != 1 {
		t.Errorf("%d comments, want 1", n)
	}
}

func TestARecordedEventIsFoundBehindManyComments(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	e := s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
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
	if n := len(jiratest.Comments(s.Status("Waiting for approval"), "Waiting for Noor")); n != 1 {
		t.Errorf("%d comments, want 1", n)
	}
}

// Somebody moves the issue by hand; the record brings it where it belongs.
func TestAnIssueMovedByHand(t *testing.T) {
	move := func(s *jiratest.Story, names ...string) {
		t.Helper()
		for _, name := range names {
			if err := s.Site.Transition(s.Site.Bot().AccountID, s.Request.Issue.Key, name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Run("to where it should go", func(t *testing.T) {
		s := jiratest.NewStory(jiratest.New(t)).Opened()
		s.Ask()
		move(s, "Approve request")
		s.Recorded(s.Agree())
		if len(jiratest.Comments(s.Status("In progress"), "Approved in Slack")) != 1 {
			t.Error("the approval is not told")
		}
	})
	t.Run("elsewhere, and back by a way round", func(t *testing.T) {
		s := jiratest.NewStory(jiratest.New(t)).Opened()
		s.Ask()
		move(s, "Approve request", "Escalate to a human")
		s.Recorded(s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, "No." }))
		if len(jiratest.Comments(s.Status("Declined"), "Declined in Slack")) != 1 {
			t.Error("the refusal is not told")
		}
	})
	t.Run("to an end", func(t *testing.T) {
		s := jiratest.NewStory(jiratest.New(t)).Opened()
		s.GrantAccess()
		move(s, "Close it out")
		s.Restart()
		s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
		is := s.Status("Closed")
		if len(jiratest.Comments(is, "Revoked in Slack by iris@acme.example")) != 1 {
			t.Error("the end of access is not told")
		}
		if c := jiratest.Comments(is, "Somebody moved this issue to Closed, and there is no way from there to Granted."); len(c) != 1 || c[0].Public {
			t.Errorf("the drift is told as %+v", c)
		}
		s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
		s.Status("Closed")
	})
}

func TestAResolutionIsSentOnlyWhereTheScreenHasIt(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		for i := range c.Workflow.Transitions {
			c.Workflow.Transitions[i].Screen = nil
		}
	})).Opened()
	s.Recorded(s.RequestEvent(access.EventCancelled, jiratest.Slack(jiratest.Maya)))
	if is := s.Status("Canceled"); is.Resolution != "" {
		t.Errorf("resolution %q", is.Resolution)
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

func TestMissingTransition(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Transitions = c.Workflow.Transitions[:3] // approve, decline, withdraw
	})).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.GrantEvent(access.EventRecorded, access.System())
	f := jiratest.Failure(t, s.Record(s.GrantEvent(access.EventMemberAdded, access.System()), false), access.Rejected)
	want := "The issue can't get from In progress to Granted: Jira offers no transition there. Add a transition to the workflow, correct jira.statuses.granted, or give latchkey@acme.example the permission to make transitions"
	if f.Error() != want {
		t.Errorf("the failure reads\n%s\nwant\n%s", f, want)
	}
	if jiratest.Comments(s.Status("In progress"), "now has") != nil {
		t.Error("a record that fails must not be half told")
	}
}

func TestAWorkflowThatGoesInCirclesEnds(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Transitions = []sandbox.Transition{
			{ID: "1", Name: "Go", From: []string{"Waiting for approval", "Needs attention"}, To: "In progress"},
			{ID: "2", Name: "Back", From: []string{"In progress"}, To: "Waiting for approval"},
			{ID: "3", Name: "Look", From: []string{"In progress"}, To: "Needs attention"},
		}
	})).Opened()
	s.Agree()
	s.GrantEvent(access.EventRecorded, access.System())
	e := s.GrantEvent(access.EventMemberAdded, access.System())
	got := s.Calls(func() { jiratest.Failure(t, s.Record(e, false), access.Rejected) })
	if got["POST "+transitions] > 4 {
		t.Errorf("%d transitions", got["POST "+transitions])
	}
}

func TestRequiredResolution(t *testing.T) {
	d := jiratest.New(t)
	delete(d.Config.Site.Resolutions, "declined")
	d.Restart()
	s := jiratest.NewStory(d).Opened()
	refused := s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, "No." })
	f := jiratest.Failure(t, s.Record(refused, false), access.Rejected)
	for _, want := range []string{"Decline (with reason)", "jira.resolutions.declined", "Won't Do"} {
		if !strings.Contains(f.Sentence, want) {
			t.Errorf("the failure does not mention %q: %s", want, f.Sentence)
		}
	}
	d.Config.Site.Resolutions["declined"] = "Denied"
	d.Restart()
	s.Client = d.Client
	if f := jiratest.Failure(t, s.Record(refused, true), access.Rejected); !strings.Contains(f.Sentence, `no resolution "Denied": set jira.resolutions.declined to one of Done, Won't Do`) {
		t.Errorf("the failure reads %s", f.Sentence)
	}
}

func TestAConfiguredTransitionWins(t *testing.T) {
	for name, want := range map[string]string{"": "Quick", "Careful": "Careful", "12": "Careful", "gone": "Quick"} {
		fake := jiratest.NewFake(t)
		fake.Answer("GET /rest/api/3/issue/10007/transitions", http.StatusOK,
			`{"transitions":[{"id":"13","name":"Picky","to":{"id":"2"},"fields":{"x":{"name":"Cost centre","required":true}}},
			{"id":"11","name":"Quick","to":{"id":"2"}},{"id":"12","name":"Careful","to":{"id":"2"}}]}`, nil)
		var taken string
		fake.Handle("POST /rest/api/3/issue/10007/transitions", func(w http.ResponseWriter, r *http.Request) {
			taken = jiratest.TransitionID(r)
			w.WriteHeader(http.StatusNoContent)
		})
		cfg := fake.NewConfig()
		cfg.Site.Transitions = map[string]string{"approved": name}
		s := jiratest.FakeStory(t, fake, cfg)
		s.Recorded(s.Agree())
		if id := map[string]string{"Quick": "11", "Careful": "12"}[want]; taken != id {
			t.Errorf("transitions.approved = %q took %s, want %s (%s)", name, taken, id, want)
		}
	}
}

// A race: the issue is locked for a moment.
func TestConflictIsTriedAgain(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	e := s.Agree()
	s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: transitions, Status: http.StatusConflict})
	s.Recorded(e)
	s.Status("In progress")
	s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: transitions, Status: http.StatusConflict, Times: -1})
	s.GrantEvent(access.EventRecorded, access.System())
	jiratest.Failure(t, s.Record(s.GrantEvent(access.EventMemberAdded, access.System()), false), access.Transient)
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
	if is := s.Issue(key); len(jiratest.Comments(is, "Waiting for Noor Haddad")) != 1 {
		t.Errorf("%s does not say who was asked", key)
	}
}

func TestRecordBeforeTheIssueIsOpen(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t))
	jiratest.Failure(t, s.Record(s.Agree(), false), access.Transient)
}
