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

// Link ties two issues together; each is named by its id or its key. Jira takes
// the same link again without making a second one.
func (c *Client) Link(ctx context.Context, from, to access.Issue) error {
	if orElse(from.ID, from.Key) == "" || orElse(to.ID, to.Key) == "" {
		return fault("An issue can't be linked before it exists")
	}
	return c.tell(ctx, call{method: http.MethodPost, path: "rest/api/3/issueLink", what: "link the issue to " + orElse(to.Key, to.ID),
		in: map[string]any{"type": map[string]string{"name": relates}, "inwardIssue": issueRef(from), "outwardIssue": issueRef(to)}})
}

// LinkIncident ties a request's issue to the one of an incident.
func (c *Client) LinkIncident(ctx context.Context, issue access.Issue, key string) error {
	return c.Link(ctx, issue, access.Issue{Key: key})
}

func issueRef(is access.Issue) map[string]string {
	if is.ID != "" {
		return map[string]string{"id": is.ID}
	}
	return map[string]string{"key": is.Key}
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
