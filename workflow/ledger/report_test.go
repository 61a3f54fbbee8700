package ledger_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
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
			return ledger.ReportDaily(u, access.IssueReport{ID: "LK-1", At: u.At.Add(3 * time.Hour), Title: "Slack doesn't work"}, "", nil)
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
	w.do(func(u *engine.Unit) error { return ledger.ReportDaily(u, access.IssueReport{ID: "LK-1"}, "", nil) })
	if err := w.work("report/LK-1", nil); err != nil {
		t.Error(err)
	}
	w.expect()
}

// What follows when the issue exists is named in the task, and told about what it needs;
// a task of an earlier version is read as what it was.
func TestWhatFollowsAReport(t *testing.T) {
	var got string
	w := newWorld(t, func(c *ledger.Config) {
		c.Reports = desk{c.Issues.(*world)}
		c.Reported = map[string]ledger.Reported{"watch": func(_ *engine.Unit, r access.IssueReport, about json.RawMessage, _ access.Issue) error {
			got = r.ID + " " + string(about)
			return nil
		}}
	})
	w.do(func(u *engine.Unit) error { return ledger.Report(u, access.IssueReport{ID: "OF-1"}, "watch", "maya") })
	if err := w.work("report/OF-1", nil); err != nil || got != `OF-1 "maya"` {
		t.Errorf("%v; told %q", err, got)
	}
	w.do(func(u *engine.Unit) error {
		_, err := u.Enqueue(store.Task{ID: "report/old", Queue: ledger.Queue, Kind: ledger.ReportTask, Schema: 1, Payload: []byte(`{"ID":"LK-2","At":"2026-11-16T12:00:00Z","Title":"Jira"}`)})
		return err
	})
	if said := ledger.Purposes()[ledger.ReportTask](nil, store.Task{Schema: 1, Payload: []byte(`{"ID":"LK-2","Title":"Jira"}`)}); said != "open the issue of “Jira”" {
		t.Errorf("it is for %q", said)
	}
	h := w.Handlers()[ledger.ReportTask]
	if err := w.work("report/old", func(t *store.Task) { t.Payload, _ = h.Payload.Newest(t.Schema, t.Payload) }); err != nil {
		t.Error(err)
	}
	w.expect("report OF-1  looked for since 0001-01-01T00:00:00Z", "report LK-2 Jira looked for since 2026-11-16T00:00:00Z")
}
