package ledger

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// reportPayload is a report and the grants that are to name its issue.
type reportPayload struct {
	Report access.IssueReport
	Grants []string
}

// OpenReport has an issue made for what was changed without anybody asking, such
// as by a reconciliation. The given grants name the issue once it is there.
func OpenReport(u *engine.Unit, r access.IssueReport, grants []string) error {
	body, err := engine.Payload(reportPayload{r, grants})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "report/" + r.ID, Queue: Queue, Kind: ReportTask, Priority: store.Writings, Payload: body})
	return err
}

// report is the handler of ReportTask.
func (s *Service) report(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[reportPayload](t)
	if err != nil || s.reports == nil {
		return nil, err
	}
	issue, err := s.reports.OpenReport(ctx, p.Report, earlier(t))
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		for _, id := range p.Grants {
			if err := name(u, id, issue); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// name has the story of a grant name the issue it is recorded in.
func name(u *engine.Unit, grant string, issue access.Issue) error {
	g, err := u.Grant(grant)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e := g.Event(access.EventNote, access.System(), u.At)
	e.Issue, e.Note = &issue, fmt.Sprintf("This is recorded in %s.", issue.Key)
	_, err = u.Append(e)
	return err
}
