package ledger

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// reportPayload is a report on its way.
type reportPayload struct {
	Report access.IssueReport
	On     access.Issue    `json:",omitzero"`  // it is told there, if that can be opened again
	Daily  bool            `json:",omitempty"` // the same may have been reported earlier that day
	Then   string          `json:",omitempty"` // which Reported follows; empty for none
	About  json.RawMessage `json:",omitempty"`
}

// reportSchema: a report was once the whole payload, and each was looked for as one of
// the day.
func reportSchema() store.Schema {
	return store.Schema{Upgrades: []store.Upgrade{func(fields map[string]json.RawMessage) error {
		report, err := json.Marshal(fields)
		if err != nil {
			return err
		}
		clear(fields)
		fields["Report"], fields["Daily"] = report, json.RawMessage("true")
		return nil
	}}}
}

// ReportDaily arranges for an issue that belongs to no request. One of the same id that
// waits to be opened, or was opened on the same day, is the same. What follows is as with Report.
func ReportDaily(u *engine.Unit, r access.IssueReport, then string, about any) error {
	body, err := engine.Payload(about)
	if err != nil {
		return err
	}
	return enqueueReport(u, reportPayload{Report: r, Daily: true, Then: then, About: body})
}

// Report arranges for an issue that belongs to no request, and for what follows when it
// exists: that which goes by the name in the table of the composition, told about what.
func Report(u *engine.Unit, r access.IssueReport, then string, about any) error {
	body, err := engine.Payload(about)
	if err != nil {
		return err
	}
	return enqueueReport(u, reportPayload{Report: r, Then: then, About: body})
}

func enqueueReport(u *engine.Unit, p reportPayload) error {
	body, err := engine.Payload(p)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "report/" + p.Report.ID, Queue: Queue, Kind: ReportTask, Priority: store.Writings, Schema: reportSchema().Number(), Payload: body})
	return err
}

// report is the handler of ReportTask. A process that was started anew may report what
// an earlier one has reported: what is reported daily is always looked for first.
func (s *Service) report(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[reportPayload](t)
	if err != nil || s.reports == nil {
		return nil, err
	}
	since := earlier(t)
	if p.Daily {
		since = p.Report.At.Truncate(24 * time.Hour)
	}
	issue := p.On
	there, err := s.reopen(ctx, &p)
	if err == nil && !there {
		issue, err = s.reports.OpenReport(ctx, p.Report, since)
	}
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		if !there || p.Report.Standing != "" {
			if err := Stand(u, issue, cmp.Or(p.Report.Standing, access.IssueRunning)); err != nil {
				return err
			}
		}
		if then := s.reported[p.Then]; then != nil {
			return then(u, p.Report, p.About, issue)
		}
		return nil
	}, nil
}

// reportOf is what a ReportTask is for.
func reportOf(_ store.Tx, t store.Task) string {
	body, err := reportSchema().Newest(t.Schema, t.Payload)
	if err == nil {
		t.Payload = body
	}
	p, unreadable := engine.ReadPayload[reportPayload](t)
	if err != nil || unreadable != nil {
		return "open an issue for IT"
	}
	return "open the issue of “" + p.Report.Title + "”"
}

// followOf is what a FollowTask is for.
func followOf(_ store.Tx, t store.Task) string {
	f, err := engine.ReadPayload[Followed](t)
	if err != nil {
		return "see how it stands with what a Jira issue is about"
	}
	return "see how it stands with what " + f.Issue.Key + " is about"
}
