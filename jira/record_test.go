package jira_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	sandbox "latchkey/sandbox/jira"
)

const (
	transitions = "/rest/api/3/issue/{issueIdOrKey}/transitions"
	comments    = "/rest/api/3/issue/{issueIdOrKey}/comment"
	issueItself = "/rest/api/3/issue/{issueIdOrKey}"
)

func TestCallsOfRecords(t *testing.T) {
	d := newDesk(t)
	first := newStory(d).opened()
	first.asked()
	first.provisioned()

	s := newStory(d, func(s *story) { s.Request.ID = "AR-SECOND" }).opened()
	check := func(step string, want map[string]int, f func()) {
		t.Helper()
		if diff := cmp.Diff(want, d.calls(f)); diff != "" {
			t.Errorf("calls to record %s (-want +got):\n%s", step, diff)
		}
	}
	check("who was asked", map[string]int{"POST " + comments: 1, "PUT " + issueItself: 1}, func() { s.asked() })
	check("the approval", map[string]int{"POST " + transitions: 1, "POST " + comments: 1}, func() { s.recorded(s.agreed()) })
	s.grant(access.EventRecorded, access.System())
	check("the access", map[string]int{"POST " + transitions: 1, "POST " + comments: 1}, func() { s.recorded(s.grant(access.EventMemberAdded, access.System())) })
	s.clock.Advance(6 * time.Hour)
	check("the end of time", map[string]int{"POST " + comments: 1, "PUT " + issueItself: 1}, func() {
		s.recorded(s.grant(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	})
	check("the removal, by a way not taken before", map[string]int{
		"GET /rest/api/3/issue/{issueIdOrKey}": 1, "GET " + transitions: 1, "POST " + transitions: 1, "POST " + comments: 1,
	}, func() {
		s.recorded(s.grant(access.EventMemberRemoved, access.System()))
	})
}

// provisioned goes on from where the approvers were asked.
func (s *story) provisioned() {
	s.t.Helper()
	s.recorded(s.agreed())
	s.grant(access.EventRecorded, access.System())
	s.recorded(s.grant(access.EventMemberAdded, access.System()))
}

func TestWritesPerIssueStayWithinTheLimit(t *testing.T) {
	s := newStory(newDesk(t, func(c *sandbox.Config) { c.WriteLimits = true })).opened()
	s.granted()
	s.clock.Advance(6 * time.Hour)
	s.recorded(s.grant(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.recorded(s.grant(access.EventMemberRemoved, access.System()))
	s.status("Closed")
}

// Wherever an attempt breaks off, the next one completes it and says nothing twice.
func TestARepeatedRecordDoublesNothing(t *testing.T) {
	for _, path := range []string{transitions, comments} {
		for _, fault := range []sandbox.Fault{
			{After: true, Drop: true}, {Drop: true}, {After: true, Status: http.StatusServiceUnavailable}, {Status: http.StatusBadGateway},
		} {
			s := newStory(newDesk(t)).opened()
			s.asked()
			e := s.agreed()
			fault.Method, fault.Path = http.MethodPost, path
			s.site.AddFault(fault)
			class(t, s.record(e, false), access.Unclear)
			s.restart()
			if err := s.record(e, true); err != nil {
				t.Fatalf("%s %+v: %v", path, fault, err)
			}
			if err := s.record(e, true); err != nil {
				t.Fatalf("once more: %v", err)
			}
			is := s.status("In progress")
			if len(said(is, "Approved in Slack")) != 1 || len(said(is, "Evidence for the approval")) != 1 {
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
		s := newStory(newDesk(t)).opened()
		s.asked()
		e := s.agreed()
		s.site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: comments, Status: status, RetryAfter: 7})
		f := class(t, s.record(e, false), want)
		if want == access.Unclear && f.After != 7*time.Second {
			t.Errorf("%d: wait %s, want 7s", status, f.After)
		}
		s.recorded(e)
		is := s.status("In progress")
		if len(said(is, "Approved in Slack")) != 1 || len(said(is, "Evidence for the approval")) != 1 {
			t.Errorf("%d: the comments are %+v", status, is.Comments)
		}
	}
}

func TestAFailedStateIsLookedAtFirst(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: issueItself, Drop: true})
	e := s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{noor} })
	class(t, s.record(e, false), access.Unclear)
	s.restart()
	if err := s.record(e, true); err != nil {
		t.Fatal(err)
	}
	if n := len(said(s.status("Waiting for approval"), "Waiting for Noor")); n != 1 {
		t.Errorf("%d comments, want 1", n)
	}
}

func TestARecordedEventIsFoundBehindManyComments(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	e := s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{noor} })
	s.recorded(e)
	agent := s.site.Bot().AccountID
	for range 230 {
		if err := s.site.Comment(agent, s.Request.Issue.Key, "Chatter", true); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.record(e, true); err != nil {
		t.Fatal(err)
	}
	if n := len(said(s.status("Waiting for approval"), "Waiting for Noor")); n != 1 {
		t.Errorf("%d comments, want 1", n)
	}
}

// Somebody moves the issue by hand; the record brings it where it belongs.
func TestAnIssueMovedByHand(t *testing.T) {
	move := func(s *story, names ...string) {
		t.Helper()
		for _, name := range names {
			if err := s.site.Transition(s.site.Bot().AccountID, s.Request.Issue.Key, name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Run("to where it should go", func(t *testing.T) {
		s := newStory(newDesk(t)).opened()
		s.asked()
		move(s, "Approve request")
		s.recorded(s.agreed())
		if len(said(s.status("In progress"), "Approved in Slack")) != 1 {
			t.Error("the approval is not told")
		}
	})
	t.Run("elsewhere, and back by a way round", func(t *testing.T) {
		s := newStory(newDesk(t)).opened()
		s.asked()
		move(s, "Approve request", "Escalate to a human")
		s.recorded(s.request(access.EventDenied, slack(noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{noor}, "No." }))
		if len(said(s.status("Declined"), "Declined in Slack")) != 1 {
			t.Error("the refusal is not told")
		}
	})
	t.Run("to an end", func(t *testing.T) {
		s := newStory(newDesk(t)).opened()
		s.granted()
		move(s, "Close it out")
		s.restart()
		s.recorded(s.grant(access.EventEnding, slack(iris), func(e *access.Event) { e.End = access.EndRevoked }))
		is := s.status("Closed")
		if len(said(is, "Revoked in Slack by iris")) != 1 {
			t.Error("the end of access is not told")
		}
		if c := said(is, "Somebody moved this issue to Closed, and there is no way from there to Granted."); len(c) != 1 || c[0].Public {
			t.Errorf("the drift is told as %+v", c)
		}
		s.recorded(s.grant(access.EventMemberRemoved, access.System()))
		s.status("Closed")
	})
}

func TestAResolutionIsSentOnlyWhereTheScreenHasIt(t *testing.T) {
	s := newStory(newDesk(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		for i := range c.Workflow.Transitions {
			c.Workflow.Transitions[i].Screen = nil
		}
	})).opened()
	s.recorded(s.request(access.EventCancelled, slack(maya)))
	if is := s.status("Canceled"); is.Resolution != "" {
		t.Errorf("resolution %q", is.Resolution)
	}
}

// Another process goes on with the request; what this one remembers is stale.
func TestTwoProcesses(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.granted()
	here := s.c
	s.restart()
	s.recorded(s.grant(access.EventEnding, slack(iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.recorded(s.grant(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	s.status("Needs attention")
	s.c = here
	s.recorded(s.grant(access.EventRetried, slack(iris)))
	s.status("Granted")
}

func TestMissingTransition(t *testing.T) {
	s := newStory(newDesk(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Transitions = c.Workflow.Transitions[:3] // approve, decline, withdraw
	})).opened()
	s.asked()
	s.recorded(s.agreed())
	s.grant(access.EventRecorded, access.System())
	f := class(t, s.record(s.grant(access.EventMemberAdded, access.System()), false), access.Rejected)
	want := "The issue can't get from In progress to Granted: Jira offers no transition there. Add a transition to the workflow, correct jira.statuses.granted, or give latchkey@acme.example the permission to make transitions"
	if f.Error() != want {
		t.Errorf("the failure reads\n%s\nwant\n%s", f, want)
	}
	if said(s.status("In progress"), "now has") != nil {
		t.Error("a record that fails must not be half told")
	}
}

func TestAWorkflowThatGoesInCirclesEnds(t *testing.T) {
	s := newStory(newDesk(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Transitions = []sandbox.Transition{
			{ID: "1", Name: "Go", From: []string{"Waiting for approval", "Needs attention"}, To: "In progress"},
			{ID: "2", Name: "Back", From: []string{"In progress"}, To: "Waiting for approval"},
			{ID: "3", Name: "Look", From: []string{"In progress"}, To: "Needs attention"},
		}
	})).opened()
	s.agreed()
	s.grant(access.EventRecorded, access.System())
	e := s.grant(access.EventMemberAdded, access.System())
	got := s.calls(func() { class(t, s.record(e, false), access.Rejected) })
	if got["POST "+transitions] > 4 {
		t.Errorf("%d transitions", got["POST "+transitions])
	}
}

func TestRequiredResolution(t *testing.T) {
	d := newDesk(t)
	delete(d.cfg.Resolutions, "declined")
	d.restart()
	s := newStory(d).opened()
	refused := s.request(access.EventDenied, slack(noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{noor}, "No." })
	f := class(t, s.record(refused, false), access.Rejected)
	for _, want := range []string{"Decline (with reason)", "jira.resolutions.declined", "Won't Do"} {
		if !strings.Contains(f.Sentence, want) {
			t.Errorf("the failure does not mention %q: %s", want, f.Sentence)
		}
	}
	d.cfg.Resolutions["declined"] = "Denied"
	d.restart()
	s.c = d.c
	if f := class(t, s.record(refused, true), access.Rejected); !strings.Contains(f.Sentence, `no resolution "Denied": set jira.resolutions.declined to one of Done, Won't Do`) {
		t.Errorf("the failure reads %s", f.Sentence)
	}
}

func TestAConfiguredTransitionWins(t *testing.T) {
	for name, want := range map[string]string{"": "Quick", "Careful": "Careful", "12": "Careful", "gone": "Quick"} {
		fake := newFake(t)
		fake.answer("GET /rest/api/3/issue/10007/transitions", http.StatusOK,
			`{"transitions":[{"id":"13","name":"Picky","to":{"id":"2"},"fields":{"x":{"name":"Cost centre","required":true}}},
			{"id":"11","name":"Quick","to":{"id":"2"}},{"id":"12","name":"Careful","to":{"id":"2"}}]}`, nil)
		var taken string
		fake.handle("POST /rest/api/3/issue/10007/transitions", func(w http.ResponseWriter, r *http.Request) {
			taken = transitionID(r)
			w.WriteHeader(http.StatusNoContent)
		})
		cfg := fake.config()
		cfg.Transitions = map[string]string{"approved": name}
		s := fakeStory(t, fake, cfg)
		s.recorded(s.agreed())
		if id := map[string]string{"Quick": "11", "Careful": "12"}[want]; taken != id {
			t.Errorf("transitions.approved = %q took %s, want %s (%s)", name, taken, id, want)
		}
	}
}

// A race: the issue is locked for a moment.
func TestConflictIsTriedAgain(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.asked()
	e := s.agreed()
	s.site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: transitions, Status: http.StatusConflict})
	s.recorded(e)
	s.status("In progress")
	s.site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: transitions, Status: http.StatusConflict, Times: -1})
	s.grant(access.EventRecorded, access.System())
	class(t, s.record(s.grant(access.EventMemberAdded, access.System()), false), access.Transient)
}

func TestAnIssueThatIsGone(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	if err := s.site.DeleteIssue(s.site.Bot().AccountID, s.Request.Issue.Key); err != nil {
		t.Fatal(err)
	}
	f := class(t, s.record(s.agreed(), false), access.Rejected)
	if !strings.Contains(f.Sentence, "does not exist") {
		t.Errorf("the failure reads %s", f.Sentence)
	}
}

func TestAMovedIssueIsFollowed(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	key, err := s.site.MoveIssue(s.site.Bot().AccountID, s.Request.Issue.Key, "SUP")
	if err != nil {
		t.Fatal(err)
	}
	s.asked()
	if is := s.issue(key); len(said(is, "Waiting for Noor Haddad")) != 1 {
		t.Errorf("%s does not say who was asked", key)
	}
}

func TestRecordBeforeTheIssueIsOpen(t *testing.T) {
	s := newStory(newDesk(t))
	class(t, s.record(s.agreed(), false), access.Transient)
}
