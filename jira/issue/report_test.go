package issue_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

func aReport(at time.Time) access.IssueReport {
	return access.IssueReport{ID: "reconcile-1", At: at, Title: "Reconciliation: 2 memberships to be adopted",
		Lines: []string{"Latchkey compared who is in the groups.", "maya@acme.example in okta:figma-editors: adopted"}}
}

func TestAReportHasAnIssueOfItsOwn(t *testing.T) {
	d := jiratest.New(t)
	r := aReport(d.Clock.Now())
	at, err := d.Client.Issues.OpenReport(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	is := d.Issue(at.Key)
	for _, want := range []string{r.Lines[0], r.Lines[1], "Report reconcile-1"} {
		if !strings.Contains(is.Description, want) {
			t.Errorf("%q is missing in\n%s", want, is.Description)
		}
	}
	if is.Summary != r.Title+" [reconcile-1]" || is.ID != at.ID || !strings.HasSuffix(at.URL, "/browse/"+at.Key) {
		t.Errorf("%+v is %q", at, is.Summary)
	}
	m := access.IssueComment{ID: "reconcile-1/GF-1", At: d.Clock.Now(), Title: "Done."}
	for _, again := range []bool{false, true} {
		if err := d.Client.Issues.Comment(t.Context(), at, m, again); err != nil {
			t.Fatal(err)
		}
	}
	if is = d.Issue(at.Key); len(is.Comments) != 1 || is.Comments[0].Public {
		t.Errorf("comments: %+v", is.Comments)
	}
	if found := d.Recall(); len(found) != 0 {
		t.Errorf("it is taken for a request: %v", found)
	}
}

// What is over is closed, once; one that somebody has closed stays as it is.
func TestAReportThatIsOverIsClosed(t *testing.T) {
	d := jiratest.New(t)
	at, err := d.Client.Issues.OpenReport(t.Context(), aReport(d.Clock.Now()), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	open := d.Issue(at.Key)
	for range 2 {
		if err := d.Client.Issues.MoveReport(t.Context(), at, access.IssueOver); err != nil {
			t.Fatal(err)
		}
	}
	is := d.Issue(at.Key)
	if open.Status == "Closed" || is.Status != "Closed" || len(is.Comments) != 0 {
		t.Errorf("%s, then %s with %d comments", open.Status, is.Status, len(is.Comments))
	}
}

// How a report stands is its status: from what goes on to what somebody has to do, back, and to its end. A comment arrives there all
// the same once it is closed.
func TestAReportStandsInItsStatus(t *testing.T) {
	d := jiratest.New(t)
	at, err := d.Client.Issues.OpenReport(t.Context(), aReport(d.Clock.Now()), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		as   access.IssueStanding
		want string
	}{
		{access.IssueRunning, "In progress"}, {access.IssueStuck, "Needs attention"}, {access.IssueRunning, "In progress"},
		{access.IssueByHand, "Waiting for support"}, {access.IssueGiven, "Granted"}, {access.IssueStuck, "Needs attention"}, {access.IssueOver, "Closed"},
		{access.IssueStuck, "Closed"},
	} {
		if err := d.Client.Issues.MoveReport(t.Context(), at, step.as); err != nil {
			t.Fatal(err)
		}
		if is := d.Issue(at.Key); is.Status != step.want {
			t.Errorf("%s is %s, want %s", step.as, is.Status, step.want)
		}
	}
	if err := d.Client.Issues.Comment(t.Context(), at, access.IssueComment{ID: "late", At: d.Clock.Now(), Title: "They are in it again."}, false); err != nil {
		t.Fatal(err)
	}
	if is := d.Issue(at.Key); len(is.Comments) != 1 || is.Status != "Closed" {
		t.Errorf("%s with %d comments", is.Status, len(is.Comments))
	}
}

// What is given and has no end closes its issue where that is so for requests.
func TestWhatIsGivenForGoodClosesItsReport(t *testing.T) {
	d := closing(t, site.Granted)
	at, err := d.Client.Issues.OpenReport(t.Context(), aReport(d.Clock.Now()), time.Time{})
	if err == nil {
		err = d.Client.Issues.MoveReport(t.Context(), at, access.IssueGiven)
	}
	if is := d.Issue(at.Key); err != nil || is.Status != "Closed" || is.Resolution != "Granted" {
		t.Errorf("%s, resolved as %q (%v)", is.Status, is.Resolution, err)
	}
}

// One that was deleted needn't be moved.
func TestAReportThatIsGoneIsNotMoved(t *testing.T) {
	d := jiratest.New(t)
	at, err := d.Client.Issues.OpenReport(t.Context(), aReport(d.Clock.Now()), time.Time{})
	if err == nil {
		err = d.Site.DeleteIssue(d.Site.Bot().AccountID, at.Key)
	}
	if err == nil {
		err = d.Client.Issues.MoveReport(t.Context(), at, access.IssueOver)
	}
	if err != nil {
		t.Error(err)
	}
}

func TestAReportWhoseAnswerWasLostIsFound(t *testing.T) {
	d := jiratest.New(t, func(c *sandbox.Config) { c.SearchLag = time.Hour })
	r, since := aReport(d.Clock.Now()), d.Clock.Now()
	d.Site.AddFault(sandbox.Fault{Path: requestPath, After: true, Status: http.StatusGatewayTimeout})
	_, err := d.Client.Issues.OpenReport(t.Context(), r, time.Time{})
	jiratest.Failure(t, err, access.Unclear)
	d.Restart()
	d.Clock.Advance(time.Second)
	at, err := d.Client.Issues.OpenReport(t.Context(), r, since)
	if all := d.Site.Issues(); err != nil || len(all) != 1 || all[0].Key != at.Key {
		t.Errorf("found %+v, %v among %d issues", at, err, len(all))
	}
}

func TestWithoutJiraThereIsNoReport(t *testing.T) {
	d := jiratest.New(t)
	d.Site.AddFault(sandbox.Fault{Path: requestPath, Status: http.StatusForbidden})
	if at, err := d.Client.Issues.OpenReport(t.Context(), aReport(d.Clock.Now()), time.Time{}); err == nil {
		t.Errorf("opened %+v", at)
	}
}
