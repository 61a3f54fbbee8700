package ledger

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// CloseTask closes the issue of a report whose story is over.
const CloseTask = "issue.close"

// Closings closes issues that belong to no request. Errors are *access.Failure.
type Closings interface {
	// CloseReport brings the issue of a report to where what is over is; one that is there is left as it is.
	CloseReport(ctx context.Context, issue access.Issue) error
}

// Close has the issue of a report closed, after all that was to be written on it before. Without an issue there is nothing to do.
func Close(u *engine.Unit, issue access.Issue) error {
	if issue.ID == "" {
		return nil
	}
	body, err := engine.Payload(issue)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "close/" + issue.ID, Queue: Queue, Kind: CloseTask, Priority: store.Writings, Lane: lane(issue.ID), Payload: body})
	return err
}

// close is the handler of CloseTask.
func (s *Service) close(ctx context.Context, t store.Task) (engine.Outcome, error) {
	issue, err := engine.ReadPayload[access.Issue](t)
	if err != nil || s.closings == nil {
		return nil, err
	}
	return nil, s.closings.CloseReport(ctx, issue)
}
