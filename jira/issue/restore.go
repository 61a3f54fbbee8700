package issue

import (
	"context"
	"maps"
	"net/http"

	"latchkey/access"
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
	if wording.AskedInJira(cs) {
		delete(values, "summary")
		delete(values, s.Form.Mapped[site.FieldReason])
	}
	maps.Copy(values, keptFields(s, cs))
	if len(values) == 0 {
		return nil
	}
	return w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(issue), Needs: rest.EditIssues, What: "put the fields of the issue back",
		Body: map[string]any{"fields": values}})
}
