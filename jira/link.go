package jira

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"latchkey/access"
)

// relates is the type of link that every site has and that reads the same from
// both sides (REST API v3, "Create issue link": which side is inward is easily
// taken the wrong way round).
const relates = "Relates"

// Link ties two issues together. Jira takes the same link again without making
// a second one. A site that lost its type of link is told to the operator.
func (c *Client) Link(ctx context.Context, from, to access.Issue) error {
	in := map[string]any{
		"type":         map[string]string{"name": relates},
		"inwardIssue":  map[string]string{"id": from.ID},
		"outwardIssue": map[string]string{"id": to.ID},
	}
	if from.ID == "" || to.ID == "" {
		return fault("An issue can't be linked before it exists")
	}
	return c.tell(ctx, call{method: http.MethodPost, path: "rest/api/3/issueLink", in: in, what: "link the issue to another"})
}

// Label adds labels to an issue. What is no label is made one.
func (c *Client) Label(ctx context.Context, issue access.Issue, labels ...string) error {
	var add []any
	for _, l := range labels {
		if l = label(l); l != "" {
			add = append(add, map[string]string{"add": l})
		}
	}
	if len(add) == 0 {
		return nil
	}
	return c.tell(ctx, call{method: http.MethodPut, path: issuePath(orElse(issue.ID, issue.Key)), what: "label the issue",
		in: map[string]any{"update": map[string]any{"labels": add}}})
}

// label writes a text as Jira takes labels: without white space.
func label(s string) string {
	words := strings.FieldsFunc(clean(s), func(r rune) bool { return unicode.IsSpace(r) })
	return clip(strings.Join(words, "-"), shortLimit)
}
