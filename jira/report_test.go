package jira_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	sandbox "latchkey/sandbox/jira"
)

func aReport(at time.Time) access.IssueReport {
	return access.IssueReport{ID: "reconcile-1", At: at, Title: "Reconciliation: 2 memberships to be adopted",
		Lines: []string{"Latchkey compared who is in the groups.", "maya@acme.example in okta:figma-editors: adopted"}}
}

func TestAReportHasAnIssueOfItsOwn(t *testing.T) {
	d := newDesk(t)
	r := aReport(d.clock.Now())
	at, err := d.c.OpenReport(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	is := d.issue(at.Key)
	for _, want := range []string{r.Lines[0], r.Lines[1], "Report reconcile-1"} {
		if !strings.Contains(is.Description, want) {
			t.Errorf("%q is missing in\n%s", want, is.Description)
		}
	}
	if is.Summary != r.Title+" [reconcile-1]" || is.ID != at.ID || !strings.HasSuffix(at.URL, "/browse/"+at.Key) {
		t.Errorf("%+v is %q", at, is.Summary)
	}
	m := access.IssueComment{ID: "reconcile-1/GF-1", At: d.clock.Now(), Title: "Done."}
	for _, again := range []bool{false, true} {
		if err := d.c.Say(t.Context(), at, m, again); err != nil {
			t.Fatal(err)
		}
	}
	if is = d.issue(at.Key); len(is.Comments) != 1 || is.Comments[0].Public {
		t.Errorf("comments: %+v", is.Comments)
	}
	if found, doubts := d.recall(); len(found) != 0 || len(doubts) != 0 {
		t.Errorf("it is taken for a request: %v, %v", found, doubts)
	}
}

func TestAReportWhoseAnswerWasLostIsFound(t *testing.T) {
	d := newDesk(t, func(c *sandbox.Config) { c.SearchLag = time.Hour })
	r, since := aReport(d.clock.Now()), d.clock.Now()
	d.site.AddFault(sandbox.Fault{Path: requestPath, After: true, Status: http.StatusGatewayTimeout})
	_, err := d.c.OpenReport(t.Context(), r, time.Time{})
	class(t, err, access.Unclear)
	d.restart()
	d.clock.Advance(time.Second)
	at, err := d.c.OpenReport(t.Context(), r, since)
	if all := d.site.Issues(); err != nil || len(all) != 1 || all[0].Key != at.Key {
		t.Errorf("found %+v, %v among %d issues", at, err, len(all))
	}
}

func TestWithoutJiraThereIsNoReport(t *testing.T) {
	d := newDesk(t)
	d.site.AddFault(sandbox.Fault{Path: requestPath, Status: http.StatusForbidden})
	if at, err := d.c.OpenReport(t.Context(), aReport(d.clock.Now()), time.Time{}); err == nil {
		t.Errorf("opened %+v", at)
	}
}
