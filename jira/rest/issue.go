package rest

import (
	"context"
	"net/url"
	"strings"
)

// IssueStatus reads the id of the status an issue is in.
func (c *Client) IssueStatus(ctx context.Context, issue string) (string, error) {
	var answer struct {
		Fields struct{ Status struct{ ID string } }
	}
	err := c.Fetch(ctx, GetIssue("read the status of the issue", issue, "", url.Values{"fields": {"status"}}), &answer)
	return answer.Fields.Status.ID, err
}

// IssuePath is the path of an issue in the platform API.
func IssuePath(idOrKey string, rest ...string) string {
	return "rest/api/3/issue/" + url.PathEscape(idOrKey) + strings.Join(rest, "")
}
