package issue_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
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
		if err := d.Client.Issues.CloseReport(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	is := d.Issue(at.Key)
	if open.Status == "Closed" || is.Status != "Closed" || len(is.Comments) != 0 {
		t.Errorf("%s, then %s with %d comments", open.Status, is.Status, len(is.Comments))
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
