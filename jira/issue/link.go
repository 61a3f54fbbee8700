package issue

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"unicode"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
)

// relates is the type of link that every site has and that reads the same from
// both sides (REST API v3, "Create issue link": which side is inward is easily
// taken the wrong way round).
const relates = "Relates"

// Link ties two issues together; each is named by its id or its key. Jira takes
// the same link again without making a second one.
func (w *Writer) Link(ctx context.Context, from, to access.Issue) error {
	return w.link(ctx, relates, from, to)
}

// link ties two issues together. Jira shows the outward words of the type on the issue that it calls the inward one.
func (w *Writer) link(ctx context.Context, as string, from, to access.Issue) error {
	if cmp.Or(from.ID, from.Key) == "" || cmp.Or(to.ID, to.Key) == "" {
		return rest.Fault("An issue can't be linked before it exists")
	}
	return w.api.Send(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/issueLink", Needs: rest.LinkIssues, What: "link the issue to " + cmp.Or(to.Key, to.ID),
		Body: map[string]any{"type": map[string]string{"name": as}, "inwardIssue": issueRef(from), "outwardIssue": issueRef(to)}})
}

// LinkRevocation ties the issue of a revocation to one it belongs to, by the type of link that is configured. Of a type that
// reads differently from both sides, the revocation's issue has the outward words: it revokes, the other one is revoked by it.
func (w *Writer) LinkRevocation(ctx context.Context, issue access.Issue, key string) error {
	return w.link(ctx, cmp.Or(w.revocation, relates), issue, access.Issue{Key: key})
}

// LinkIncident ties a request's issue to the one of an incident.
func (w *Writer) LinkIncident(ctx context.Context, issue access.Issue, key string) error {
	return w.Link(ctx, issue, access.Issue{Key: key})
}

func issueRef(is access.Issue) map[string]string {
	if is.ID != "" {
		return map[string]string{"id": is.ID}
	}
	return map[string]string{"key": is.Key}
}

// Label adds labels to an issue. What is no label is made one.
func (w *Writer) Label(ctx context.Context, issue access.Issue, labels ...string) error {
	var add []any
	for _, l := range labels {
		if l = label(l); l != "" {
			add = append(add, map[string]string{"add": l})
		}
	}
	if len(add) == 0 {
		return nil
	}
	return w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(cmp.Or(issue.ID, issue.Key)), Needs: rest.EditIssues, What: "label the issue",
		Body: map[string]any{"update": map[string]any{"labels": add}}})
}

// label writes a text as Jira takes labels: without white space.
func label(s string) string {
	words := strings.FieldsFunc(adf.Clean(s), func(r rune) bool { return unicode.IsSpace(r) })
	return adf.Clip(strings.Join(words, "-"), adf.LineLimit)
}
