package ledger_test

import (
	"context"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// desk opens issues that belong to no request.
type desk struct{ *world }

func (d desk) OpenReport(_ context.Context, r access.IssueReport, since time.Time) (access.Issue, error) {
	return access.Issue{}, d.note("report", r.ID, r.Title, "looked for since", since.Format(time.RFC3339))
}

// A report is one issue a day, however often and by however many starts it is made.
func TestAReportIsLookedForBeforeItIsOpened(t *testing.T) {
	w := newWorld(t, func(c *ledger.Config) { c.Reports = desk{c.Issues.(*world)} })
	for range 2 {
		w.do(func(u *engine.Unit) error {
			return ledger.Report(u, access.IssueReport{ID: "LK-1", At: u.At.Add(3 * time.Hour), Title: "Slack doesn't work"})
		})
	}
	w.err = &access.Failure{Class: access.Denied, Sentence: "No token"}
	if err := w.work("report/LK-1", nil); access.Classify(err).Class != access.Denied {
		t.Errorf("the failure was lost: %v", err)
	}
	w.err = nil
	if err := w.work("report/LK-1", nil); err != nil {
		t.Error(err)
	}
	line := "report LK-1 Slack doesn't work looked for since 2026-11-16T00:00:00Z"
	w.expect(line, line)
}

func TestWithoutReportsThereAreNone(t *testing.T) {
	w := newWorld(t, nil)
	w.do(func(u *engine.Unit) error { return ledger.Report(u, access.IssueReport{ID: "LK-1"}) })
	if err := w.work("report/LK-1", nil); err != nil {
		t.Error(err)
	}
	w.expect()
}
