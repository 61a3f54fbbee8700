package requests

import (
	"context"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// ReportTask is the kind of task that opens the issue of what IT does about more than
// one request: a pause, an offboarding.
const ReportTask = "measure.record"

// report is the payload of a ReportTask.
type report struct {
	Report access.IssueReport
	Leaver *leaver `json:",omitempty"` // whose offboarding it is about
}

// enqueueReport has an issue opened. Nothing waits for it: an end of access depends on
// no other service.
func enqueueReport(u *engine.Unit, r access.IssueReport, about *leaver) error {
	body, err := engine.Payload(report{r, about})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{
		ID: "measure/" + r.ID, Queue: ledger.Queue, Kind: ReportTask, Priority: store.Writings, Payload: body,
	})
	return err
}

// openReport carries a ReportTask out.
func (l *Lever) openReport(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[report](t)
	if err != nil || l.reports == nil {
		return nil, err
	}
	var since time.Time
	if t.Begun {
		since = t.Created
	}
	issue, err := l.reports.OpenReport(ctx, p.Report, since)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		if p.Leaver != nil {
			return watchOffboarding(u, offboarding{leaver: *p.Leaver, ID: p.Report.ID, Issue: issue, At: p.Report.At})
		}
		if strings.HasPrefix(p.Report.ID, "PA-") {
			return pauseReported(u, p.Report.ID, issue)
		}
		return nil
	}, nil
}
