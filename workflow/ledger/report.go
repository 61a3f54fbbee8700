package ledger

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Report arranges for an issue that belongs to no request. One of the same id that
// waits to be opened, or was opened on the same day, is the same.
func Report(u *engine.Unit, r access.IssueReport) error {
	body, err := engine.Payload(r)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "report/" + r.ID, Queue: Queue, Kind: ReportTask, Priority: store.Notices, Payload: body})
	return err
}

// report is the handler of ReportTask. The issue is always looked for first: a
// process that was started anew may report what an earlier one has reported.
func (s *Service) report(ctx context.Context, t store.Task) (engine.Outcome, error) {
	r, err := engine.ReadPayload[access.IssueReport](t)
	if err != nil || s.reports == nil {
		return nil, err
	}
	_, err = s.reports.OpenReport(ctx, r, r.At.Truncate(24*time.Hour))
	return nil, err
}
