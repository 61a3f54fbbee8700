package issue

import (
	"context"
	"net/http"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/wording"
)

// restore writes the fields that Latchkey keeps, as they belong to the case.
// What people wrote themselves in the portal stays as it is.
func (w *Writer) restore(ctx context.Context, s *site.Site, cs access.Case, issue string) error {
	values, _ := FormValues(s.Form, cs, adf.Document{}) // what a list is without stays as it is
	for _, id := range []string{"description", "labels"} {
		delete(values, id)
	}
	if openedInJira(cs) {
		delete(values, "summary")
		delete(values, s.Form.Mapped[site.FieldReason])
	}
	if s.UntilField != "" && cs.Grant != nil && !cs.Grant.Ends.IsZero() {
		values[s.UntilField] = cs.Grant.Ends.UTC().Format(rest.TimeFormat)
	}
	if len(values) == 0 {
		return nil
	}
	return w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(issue), Needs: rest.EditIssues, What: "put the fields of the issue back",
		Body: map[string]any{"fields": values}})
}

// openedInJira tells whether the issue was there before the request.
func openedInJira(c access.Case) bool {
	e, ok := c.Last(access.EventIssueOpened)
	return ok && e.Note != "" && (e.Issue == nil || e.Issue.Instead == "")
}

// FormValues fills in the form for a case.
func FormValues(f site.Form, c access.Case, description adf.Document) (values map[string]any, lacking []site.Lack) {
	return f.Fill(wording.Summary(c), description, map[string]string{
		site.FieldApp: wording.AppName(c), site.FieldRole: wording.RoleName(c), site.FieldDuration: catalog.FormatDuration(c.Request.Wanted),
		site.FieldReason: c.Request.Reason,
	})
}

// putUntil keeps the field up to date. Both kinds of field take the form Jira
// writes dates in.
func (w *Writer) putUntil(ctx context.Context, s *site.Site, issue string, until time.Time) error {
	var value any
	if !until.IsZero() {
		value = until.UTC().Format(rest.TimeFormat)
	}
	return w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(issue), Needs: rest.EditIssues, What: "note the end of access",
		Body: map[string]any{"fields": map[string]any{s.UntilField: value}}})
}
