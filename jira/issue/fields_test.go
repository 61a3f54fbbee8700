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
func withFields(t *testing.T) *jiratest.Desk {
	t.Helper()
	types := "com.atlassian.jira.plugin.system.customfieldtypes:"
	d := jiratest.New(t, func(c *sandbox.Config) {
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
