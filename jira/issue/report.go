package issue

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
	"latchkey/jira/transition"
	"latchkey/jira/wording"
)

// OpenReport makes the issue about what Latchkey changed without anybody
// asking, in Latchkey's own name, and returns where it is. since is as with Open:
// an issue that an earlier attempt may have made is looked for first.
func (w *Writer) OpenReport(ctx context.Context, r access.IssueReport, since time.Time) (access.Issue, error) {
	s, found, err := w.earlier(ctx, r.ID, since)
	if err != nil {
		return access.Issue{}, err
	}
	if found.Key == "" {
		if found, err = w.post(ctx, s, r.ID, reportValues(s.Form, r), ""); err != nil {
			w.distrust(err)
			return access.Issue{}, err
		}
	}
	w.lost.resolved(r.ID)
	w.markReport(ctx, r, found)
	return s.Issue(found.ID, found.Key), nil
}

// MoveReport brings the issue of a report to the status of how it stands, so that nobody finds among what is to be done what
// isn't. Where somebody put it and there is no way on, it is left, and so is one that isn't there any more.
func (w *Writer) MoveReport(ctx context.Context, issue access.Issue, as access.IssueStanding) error {
	s, err := w.sites.Site(ctx)
	if err != nil {
		return err
	}
	id := cmp.Or(issue.ID, issue.Key)
	key, outcome := s.KeyForReport(as)
	walk := w.moves.Walk(s, id, key, "")
	walk.Lenient, walk.Outcome = true, outcome
	if err := walk.Refresh(ctx); rest.StatusOf(err) == http.StatusNotFound {
		w.api.Log().WarnContext(ctx, "The issue of a report is gone, or hidden, so it isn't moved.", "issue", issue.Key, "to", key)
		return nil
	} else if err != nil {
		return err
	}
	_, err = walk.Run(ctx, transition.Payload{Comment: stamp.Comment(stamp.Stamp{ID: id + movedSuffix, Audience: stamp.Agents}, wording.Moved())})
	return err
}

// markReport says on the issue, for machines, that it belongs to no request. It
// only spares a question when a store is recovered, so it may fail.
func (w *Writer) markReport(ctx context.Context, r access.IssueReport, at Created) {
	if err := w.properties.Put(ctx, at.ID, access.IssueRecord{State: stamp.ReportMark + r.ID + "\n"}); err != nil {
		w.api.Log().WarnContext(ctx, "The issue of a report is open, but not marked as one.", "issue", at.Key, "report", r.ID, "error", err)
	}
}

// reportValues fills in the form for a report. The mapped fields say what they can; one
// that has to be chosen gets its first choice.
func reportValues(f site.Form, r access.IssueReport) map[string]any {
	values := map[string]string{site.FieldApp: cmp.Or(r.App, "Latchkey"), site.FieldRole: cmp.Or(r.Role, "-"), site.FieldDuration: "-", site.FieldReason: r.Title}
	out, _ := f.Fill(stamp.Summary(r.Title, r.ID), wording.Report(r), values)
	f.Choose(out)
	return out
}
