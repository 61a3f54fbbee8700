package check_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/jira/check"
	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	"latchkey/jira/watch"
	sandbox "latchkey/sandbox/jira"
)

// found are the details of the findings of one check.
func found(all []check.Finding, name string, level check.Level) []string {
	var out []string
	for _, f := range all {
		if f.Check == name && f.Level == level {
			out = append(out, f.Detail)
		}
	}
	return out
}

func TestASiteThatFits(t *testing.T) {
	d := jiratest.New(t)
	all := d.Client.Checks.Check(t.Context())
	for _, want := range [][2]string{
		{"sign-in", "latchkey@acme.example is signed in"}, {"project", "IT is a company-managed service project"},
		{"agent licence", "is an agent of service desk"}, {"statuses", "all 8 are in the workflow"}, {"fields", "what jira.fields names is there"},
	} {
		if got := found(all, want[0], check.Good); len(got) != 1 || !strings.Contains(got[0], want[1]) {
			t.Errorf("%s: %q, want %q", want[0], got, want[1])
		}
	}
	for _, f := range all {
		if f.Level == check.Fault {
			t.Errorf("%+v", f)
		}
	}
	if got := found(all, "transitions", check.Note); len(got) != 1 || !strings.Contains(got[0], "check --first-contact --write walks through them") {
		t.Errorf("without an issue the ways can't be known: %q", got)
	}
	if n := len(d.Site.Issues()); n != 0 {
		t.Errorf("a check that changes nothing opened %d issues", n)
	}
}

func TestACheckEndsAtWhatIsWrong(t *testing.T) {
	fake := jiratest.NewFake(t)
	fake.Answer("GET /rest/api/3/project/IT", http.StatusNotFound, `{}`, nil)
	fake.Answer("GET /rest/api/3/myself", http.StatusOK, `{"accountId":"bot","timeZone":"Europe/Berlin"}`, nil)
	all := fake.NewClient().Checks.Check(t.Context())
	if last := all[len(all)-1]; last.Check != "project" || last.Level != check.Fault || !strings.Contains(last.Detail, "check jira.project") {
		t.Errorf("ends with %+v", last)
	}
	if got := found(all, "time zone", check.Note); len(got) != 1 || !strings.Contains(got[0], "Europe/Berlin") {
		t.Errorf("time zone: %q", got)
	}
}

// Where issues are, their ways out are looked at: In progress is a dead end, and
// a refusal asks for what nobody configured.
func TestWaysThatAreMissing(t *testing.T) {
	d := jiratest.New(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		for i, tr := range c.Workflow.Transitions {
			c.Workflow.Transitions[i].From = slices.DeleteFunc(tr.From, func(status string) bool { return status == "In progress" })
		}
	})
	delete(d.Config.Site.Resolutions, "denied")
	d.Restart()
	jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = "AR-WAITS" }).Opened()
	s := jiratest.NewStory(d).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	d.Restart()
	got := strings.Join(found(d.Client.Checks.Check(t.Context()), "transitions", check.Fault), "\n")
	for _, want := range []string{
		"an issue can't get from In progress to Granted: add a transition to the workflow that latchkey@acme.example may use",
		`the screen of "Decline (with reason)" requires`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

func TestFirstContactWalksThroughTheLifeOfARequest(t *testing.T) {
	d := jiratest.New(t)
	all := d.Client.Checks.FirstContact(t.Context())
	for _, want := range [][2]string{
		{"create", "IT-1 was opened in the status that customers know as"}, {"links", "the portal's link points to"}, {"property", "as an update of the issue"},
		{"internal comment", "is hidden from customers"}, {"search", "was found after"}, {"workflow", "in Closed Jira offers no way on"}, {"closed issue", "still takes a property"},
	} {
		if got := found(all, want[0], check.Good); !strings.Contains(strings.Join(got, "\n"), want[1]) {
			t.Errorf("%s: %q, want %q in it", want[0], got, want[1])
		}
	}
	is := d.Issue("IT-1")
	if is.Status != "Closed" || len(jiratest.Comments(is, "This was a test by latchkey check --first-contact")) != 1 {
		t.Errorf("left in %s with %+v", is.Status, is.Comments)
	}
	if titles, err := d.Client.Archive.ClosedTitles(t.Context(), "IT", time.Hour, 10); err != nil || len(titles) != 0 {
		t.Errorf("test issues are taken for what was asked for: %q, %v", titles, err)
	}
	if all, of, err := d.Client.Archive.SampleCompleted(t.Context(), 10, 1, watch.Picked{Phases: []string{site.Ended, site.Denied, site.Cancelled}}); err != nil || len(all) != 0 || of != 4 {
		t.Errorf("test issues are sampled as requests: %+v of %d, %v", all, of, err)
	}
	if got := found(d.Client.Checks.Check(t.Context()), "transitions", check.Good); len(got) != 1 || got[0] != "every status can be reached" {
		t.Errorf("what was learnt on the way is lost: %q", got)
	}
	for n, status := range []string{"Closed", "Declined", "Canceled"} {
		if is := d.Issue(fmt.Sprintf("IT-%d", n+2)); is.Status != status || len(jiratest.Comments(is, "This was a test by latchkey check --first-contact")) != 1 {
			t.Errorf("%s is left in %s", is.Key, is.Status)
		}
	}
}

// What a transition without a screen takes along is tried: the comment never
// arrives, the rest on some sites.
func TestFirstContactTellsWhatTravels(t *testing.T) {
	for bare, want := range map[bool]string{false: "arrives", true: "is dropped"} {
		d := jiratest.New(t, func(c *sandbox.Config) { c.BareTransitions = bare })
		all := d.Client.Checks.FirstContact(t.Context())
		for name, want := range map[string]string{"comment in a transition": "is dropped", "property in a transition": want, "history in a transition": want} {
			if got := found(all, name, check.Good); len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("bare %v, %s: %q, want %q", bare, name, got, want)
			}
		}
	}
}

func TestFirstContactWithASiteThatIsDown(t *testing.T) {
	fake := jiratest.NewFake(t)
	fake.Answer("GET /rest/api/3/myself", http.StatusServiceUnavailable, ``, nil)
	if all := fake.NewClient().Checks.FirstContact(t.Context()); len(all) != 1 || all[0].Level != check.Fault {
		t.Errorf("found %+v", all)
	}
	d := jiratest.New(t)
	d.Site.AddFault(sandbox.Fault{Path: "/rest/servicedeskapi/request", Times: -1, Status: http.StatusForbidden})
	all := d.Client.Checks.FirstContact(t.Context())
	if len(all) != 1 || all[0].Check != "create" || all[0].Level != check.Fault {
		t.Errorf("found %+v", all)
	}
}
