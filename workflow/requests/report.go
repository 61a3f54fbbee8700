package requests

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// What follows when the issue exists of what IT does about more than one request.
const (
	thenWatch  = "offboarding"
	thenPaused = "pause"
)

// Reported are the room's lines in the table of what follows when the issue of a report
// exists. Nothing waits for such an issue: an end of access depends on no other service.
func Reported() map[string]ledger.Reported {
	return map[string]ledger.Reported{
		thenWatch: func(u *engine.Unit, r access.IssueReport, about json.RawMessage, issue access.Issue) error {
			var l leaver
			if err := json.Unmarshal(about, &l); err != nil {
				return fmt.Errorf("read whose offboarding %s is: %w", r.ID, err)
			}
			return offboarding{leaver: l, ID: r.ID, Issue: issue, At: r.At}.follow(u)
		},
		thenPaused: func(u *engine.Unit, r access.IssueReport, _ json.RawMessage, issue access.Issue) error {
			return pauseReported(u, r.ID, issue)
		},
	}
}

// MeasureTask is the kind of task that once opened such an issue. What is left of them
// is passed on to the ledger.
const MeasureTask = "measure.record"

func passOn(_ context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[struct {
		Report access.IssueReport
		Leaver *leaver
	}](t)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		switch {
		case p.Leaver != nil:
			return ledger.Report(u, p.Report, thenWatch, p.Leaver)
		case strings.HasPrefix(p.Report.ID, "PA-"):
			return ledger.Report(u, p.Report, thenPaused, nil)
		}
		return nil
	}, nil
}
