package ledger

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// SettleTask brings an issue that was opened again back to where its case has it.
const SettleTask = "issue.settle"

// Reopens opens issues again that were closed when access was given. Errors are *access.Failure.
type Reopens interface {
	// Reopen opens an issue, if it is closed. why says in a sentence that it can't be.
	Reopen(ctx context.Context, issue access.Issue) (why string, err error)
	// Settle brings the issue of a case to where the case has it.
	Settle(ctx context.Context, c access.Case) error
}

// ReportOn has a report told on an issue that is there, which is opened again if it is closed. Where it can't be, the report has an
// issue of its own that says so, tied to that one. What follows is as with Report.
func ReportOn(u *engine.Unit, on access.Issue, r access.IssueReport, then string, about any) error {
	body, err := engine.Payload(about)
	if err != nil {
		return err
	}
	return enqueueReport(u, reportPayload{On: on, Report: r, Then: then, About: body})
}

// reopen tells whether a report can be told on an issue that is there; if not, the report says why. What Jira refuses keeps
// nothing from being told.
func (s *Service) reopen(ctx context.Context, p *reportPayload) (bool, error) {
	if p.On.Key == "" || s.reopens == nil {
		return false, nil
	}
	why, err := s.reopens.Reopen(ctx, p.On)
	f := access.Classify(err)
	switch {
	case err != nil && f.Class != access.Rejected && f.Class != access.Denied:
		return false, err
	case err != nil:
		why = fmt.Sprintf("%s can't be opened again, so this has an issue of its own: %s.", p.On.Key, f.Sentence)
	case why == "":
		return true, nil
	}
	p.Report.Lines = append(p.Report.Lines, why)
	return false, nil
}

// Settle has the issue of a request brought back to where its case has it.
func Settle(u *engine.Unit, request, as string) error {
	_, err := u.Enqueue(store.Task{ID: "settle/" + request + "/" + as, Queue: Queue, Kind: SettleTask, Subject: access.RequestSubject(request), Priority: store.Writings, Lane: lane(request)})
	return err
}

// settle is the handler of SettleTask.
func (s *Service) settle(ctx context.Context, t store.Task) (engine.Outcome, error) {
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil || s.reopens == nil || c.Request.Issue.Key == "" {
		return nil, err
	}
	return nil, s.reopens.Settle(ctx, c)
}
