package transition_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

const transitions = "/rest/api/3/issue/{issueIdOrKey}/transitions"

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
		if len(jiratest.Comments(s.Status("Declined"), "Denied in Slack")) != 2 {
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

func TestMissingTransition(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Transitions = c.Workflow.Transitions[:3] // approve, decline, withdraw
	})).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.GrantEvent(access.EventRecorded, access.System())
	f := jiratest.Failure(t, s.Record(s.GrantEvent(access.EventMemberAdded, access.System()), false), access.Rejected)
	want := "The issue can't get from In progress to Granted: Jira offers no transition there. Add a transition to the workflow, correct jira.statuses.active, or give latchkey@acme.example the permission to make transitions"
	if f.Error() != want {
		t.Errorf("the failure reads\n%s\nwant\n%s", f, want)
	}
	jiratest.Failure(t, s.Record(s.Story[len(s.Story)-1], false), access.Rejected)
	if n := len(jiratest.Comments(s.Status("In progress"), "now has")); n != 1 {
		t.Errorf("what happened is told %d times, want once, although the issue can't follow", n)
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
	delete(d.Config.Site.Resolutions, "denied")
	d.Restart()
	s := jiratest.NewStory(d).Opened()
	refused := s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, "No." })
	f := jiratest.Failure(t, s.Record(refused, false), access.Rejected)
	for _, want := range []string{"Decline (with reason)", "jira.resolutions.denied", "Won't Do"} {
		if !strings.Contains(f.Sentence, want) {
			t.Errorf("the failure does not mention %q: %s", want, f.Sentence)
		}
	}
	d.Config.Site.Resolutions["denied"] = "Denied"
	d.Restart()
	s.Client = d.Client
	if f := jiratest.Failure(t, s.Record(refused, true), access.Rejected); !strings.Contains(f.Sentence, `no resolution "Denied": set jira.resolutions.denied to one of Done, Won't Do`) {
		t.Errorf("the failure reads %s", f.Sentence)
	}
}

// A screen on the way to Granted may require a resolution, as where that status is one of the site's ends: it takes that of access
// that is there, which no other screen on the way there is given.
func TestARequiredResolutionOfAccessThatIsThere(t *testing.T) {
	for required, want := range map[bool]string{true: "Granted", false: ""} {
		d := jiratest.New(t, func(c *sandbox.Config) {
			c.Workflow = sandbox.DefaultWorkflow()
			for i, tr := range c.Workflow.Transitions {
				if tr.To == "Granted" {
					c.Workflow.Transitions[i].Screen = []sandbox.ScreenField{{ID: "resolution", Required: required}}
				}
			}
		})
		s := jiratest.NewStory(d).Opened()
		s.Ask()
		s.Recorded(s.Agree())
		s.GrantEvent(access.EventRecorded, access.System())
		e := s.GrantEvent(access.EventMemberAdded, access.System())
		if required {
			if f := jiratest.Failure(t, s.Record(e, false), access.Rejected); !strings.Contains(f.Sentence, "or set jira.resolutions.granted to one of Done") {
				t.Errorf("the failure reads %s", f.Sentence)
			}
		}
		d.Config.Site.Resolutions["granted"] = "Granted"
		d.Restart()
		s.Client = d.Client
		if err := s.Record(e, required); err != nil {
			t.Fatal(err)
		}
		if is := s.Status("Granted"); is.Resolution != want {
			t.Errorf("resolution %q, want %q", is.Resolution, want)
		}
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
	jiratest.Failure(t, s.Record(s.GrantEvent(access.EventMemberAdded, access.System()), false), access.Unclear)
}

// What people are to read is on the issue whatever the transitions' screens are
// like: also where a screen has a field for a comment, and where it insists on one.
func TestCommentsDoNotTravel(t *testing.T) {
	for name, screen := range map[string][]sandbox.ScreenField{
		"no screen": nil, "a field for a comment": {{ID: "comment"}}, "a comment is required": {{ID: "comment", Required: true}},
	} {
		s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) {
			c.Workflow = sandbox.DefaultWorkflow()
			c.Workflow.FindTransition("11").Screen = screen
		})).Opened()
		s.Ask()
		s.Recorded(s.Agree())
		is := s.Status("In progress")
		if n := len(jiratest.Comments(is, "Approved in Slack by Noor Haddad")); n != 1 {
			t.Errorf("%s: the approval is told %d times", name, n)
		}
		for _, c := range jiratest.Comments(is, "asks for a comment") {
			if c.Public || !screen[0].Required {
				t.Errorf("%s: said %+v", name, c)
			}
		}
	}
}

// Where a transition drops what it is to carry, the state is written by itself.
func TestTheStateArrivesWhateverATransitionDrops(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.BareTransitions = true })).Opened()
	s.GrantAccess()
	want, err := s.MakeRecord(s.Request.Issue)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.Status("Granted").Properties["latchkey"]); !strings.Contains(got, s.Story[len(s.Story)-1].Leaf.String()) {
		t.Errorf("the state is %s, want %s", got, want.State)
	}
}

// A record may come late: by then the case has gone further than the event, whose step it takes
// all the same.
func TestSeveralTransitionsInOneRecord(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	e := s.Agree()
	s.GrantEvent(access.EventRecorded, access.System())
	there := s.GrantEvent(access.EventMemberAdded, access.System())
	s.Recorded(e)
	is := s.Status("In progress") // whichever came first, the yes is one step and the access another
	if n := len(jiratest.Comments(is, "Approved in Slack")); n != 1 {
		t.Errorf("%d comments on the approval, want 1", n)
	}
	s.Recorded(there)
	is = s.Status("Granted")
	var trail []string
	for _, h := range is.History {
		if h.Field == "status" {
			trail = append(trail, h.To)
		}
	}
	if diff := cmp.Diff([]string{"In progress", "Granted"}, trail); diff != "" {
		t.Errorf("the way (-want +got):\n%s", diff)
	}
}

func TestDriftPutsTheStatusBack(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	key := s.Request.Issue.Key
	move := func(name string) {
		t.Helper()
		if err := s.Site.Transition(s.Account(jiratest.Noor), key, name); err != nil {
			t.Fatal(err)
		}
	}
	move("Approve request")
	s.Recorded(s.Append(s.Request.Event(access.EventIssueDrift, access.System(), s.Clock.Now())))
	s.Status("Waiting for approval")
	move("Decline (with reason)")
	s.Recorded(s.Append(s.Request.Event(access.EventIssueDrift, access.System(), s.Clock.Now())))
	if len(jiratest.Comments(s.Status("Declined"), "It was left where it is")) != 1 {
		t.Error("the issue does not say that there is no way back")
	}
}
