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

// withFields is a site with fields that show how a request stands.
func withFields(t *testing.T, change ...func(*sandbox.Config)) *jiratest.Desk {
	t.Helper()
	types := "com.atlassian.jira.plugin.system.customfieldtypes:"
	d := jiratest.New(t, func(c *sandbox.Config) {
		for _, change := range change {
			change(c)
		}
		c.Fields = []sandbox.Field{
			{ID: "customfield_1", Name: "Waiting for", Type: "string", Custom: types + "textfield"},
			{ID: "customfield_2", Name: "Decided by", Type: "string", Custom: types + "textfield"},
			{ID: "customfield_3", Name: "Access until", Type: "datetime", Custom: types + "datetime"},
		}
	})
	d.MapFields(map[string]string{"waiting_for": "Waiting for", "decided_by": "Decided by", "until": "Access until"})
	return d
}

// How a request stands is shown by fields, which are written when they change, and with
// what the issue carries anyway.
func TestFieldsShowHowARequestStands(t *testing.T) {
	s := jiratest.NewStory(withFields(t)).Opened()
	look := func(when string, want map[string]string) {
		t.Helper()
		got := map[string]string{}
		for id, text := range s.Issue(s.Request.Issue.Key).Fields {
			if strings.HasPrefix(id, "customfield_") && len(id) == len("customfield_1") {
				got[id] = text
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s the issue shows (-want +got):\n%s", when, diff)
		}
	}
	look("in the beginning", map[string]string{})
	if calls := s.Calls(s.Ask); calls["PUT "+issueItself] != 1 || len(calls) != 1 {
		t.Errorf("to ask takes the calls %v", calls)
	}
	look("while somebody is waited for", map[string]string{"customfield_1": "Noor Haddad"})
	e := s.There()
	if calls := s.Calls(func() { s.Recorded(e) }); calls["PUT "+issueItself] != 1 {
		t.Errorf("that it is there takes the calls %v", calls)
	}
	there := map[string]string{"customfield_2": "Noor Haddad", "customfield_3": "2026-11-23T15:00:00.000+0000"}
	look("with the access", there)
	s.Clock.Advance(time.Hour)
	s.Recorded(s.GrantEvent(access.EventExtended, jiratest.Slack(jiratest.Maya), func(e *access.Event) { e.Until = s.Clock.Now().Add(8 * time.Hour) }))
	there["customfield_3"] = "2026-11-23T18:00:00.000+0000"
	look("with more time", there)
	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	look("in the end", there)
}

// What the issue shows and carries goes with the transition where its screen has the fields, and by itself elsewhere, or
// where Jira refuses that.
func TestFieldsGoWithATransition(t *testing.T) {
	for name, c := range map[string]struct {
		screen  []string
		refused bool
		puts    int
	}{
		"a screen with all of them": {screen: []string{"customfield_1", "customfield_2", "customfield_3"}},
		"a screen without one":      {screen: []string{"customfield_1", "customfield_3"}, puts: 1},
		"no screen":                 {puts: 1},
		"a refusal":                 {screen: []string{"customfield_1", "customfield_2", "customfield_3"}, refused: true, puts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := withFields(t, func(site *sandbox.Config) {
				site.Workflow = sandbox.DefaultWorkflow()
				for _, id := range c.screen {
					way := site.Workflow.FindTransition("96")
					way.Screen = append(way.Screen, sandbox.ScreenField{ID: id})
				}
			})
			var calls map[string]int
			var s *jiratest.Story
			for _, known := range []bool{false, true} { // of the first, the way is learnt
				s = jiratest.NewStory(d).Opened()
				s.Ask()
				yes := s.Agree()
				s.GrantEvent(access.EventRecorded, access.System())
				there := s.GrantEvent(access.EventMemberAdded, access.System())
				if known && c.refused {
					s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: "/rest/api/3/issue/{issueIdOrKey}/transitions", Status: http.StatusBadRequest, Times: 2})
				}
				calls = s.Calls(func() {
					if err := (bothTold{s, yes, there}).tell(false); err != nil {
						t.Fatal(err)
					}
				})
			}
			if calls["PUT "+issueItself] != c.puts {
				t.Errorf("it takes the calls %v", calls)
			}
			is := s.Status("Granted")
			if is.Fields["customfield_1"] != "" || is.Fields["customfield_2"] != "Noor Haddad" || is.Fields["customfield_3"] != "2026-11-23T15:00:00.000+0000" {
				t.Errorf("the issue shows %v", is.Fields)
			}
			if last := s.Case.Story[len(s.Case.Story)-1]; !strings.Contains(string(is.Properties["latchkey"]), last.Leaf.String()) {
				t.Errorf("it carries %s", is.Properties["latchkey"])
			}
		})
	}
}

// Another process has written something else: what this one remembers is not believed.
func TestFieldsOfTwoProcesses(t *testing.T) {
	s := jiratest.NewStory(withFields(t)).Opened()
	ask := func(who access.PersonID) {
		t.Helper()
		s.Recorded(s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{who} }))
		if is := s.Issue(s.Request.Issue.Key); is.Fields["customfield_1"] != wordingName(who) {
			t.Errorf("the issue waits for %q, want %s", is.Fields["customfield_1"], wordingName(who))
		}
	}
	ask(jiratest.Noor)
	here := s.Client
	s.Restart()
	ask(jiratest.Iris)
	s.Client = here
	ask(jiratest.Noor)
}

// wordingName is how somebody is called on an issue.
func wordingName(who access.PersonID) string {
	if who == jiratest.Noor {
		return "Noor Haddad"
	}
	return string(who)
}

// A field that Jira doesn't take any more keeps no state from being written.
func TestAFieldThatIsRefused(t *testing.T) {
	s := jiratest.NewStory(withFields(t)).Opened()
	mended := s.Site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: issueItself, Status: http.StatusBadRequest, Times: 2})
	e := s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
	jiratest.Failure(t, s.Record(e, false), access.Rejected)
	if is := s.Issue(s.Request.Issue.Key); !strings.Contains(string(is.Properties["latchkey"]), e.Leaf.String()) {
		t.Errorf("the state is out of date: %s", is.Properties["latchkey"])
	}
	mended()
	if err := s.Record(e, true); err != nil {
		t.Fatal(err)
	}
	if is := s.Issue(s.Request.Issue.Key); is.Fields["customfield_1"] != "Noor Haddad" {
		t.Errorf("the issue shows %v", is.Fields)
	}
}

// That something takes its time is said once, whatever becomes of the answer.
func TestWhatTakesItsTimeIsSaidOnce(t *testing.T) {
	for _, after := range []bool{false, true} {
		s := jiratest.NewStory(jiratest.New(t)).Opened()
		s.Ask()
		e := s.Agree()
		s.Recorded(e)
		s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: comments, After: after, Drop: true})
		jiratest.Failure(t, s.Client.Issues.Late(t.Context(), s.Case, e, false), access.Unclear)
		for range 2 {
			if err := s.Client.Issues.Late(t.Context(), s.Case, e, true); err != nil {
				t.Fatal(err)
			}
		}
		said := jiratest.Comments(s.Status("In progress"), "Approved in Slack by Noor Haddad. It is being set up")
		if len(said) != 1 || !said[0].Public {
			t.Errorf("after %v: %+v", after, said)
		}
	}
}
