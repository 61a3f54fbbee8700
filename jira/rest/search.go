package rest

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// BulkSize is how many issues are asked for at once (REST API v3, "Bulk fetch
// issues": at most 100).
const BulkSize = 100

// IndexMargin is how much older than a moment an issue must be to be surely in
// the search index by then.
const IndexMargin = 10 * time.Minute

// Period writes a duration for JQL, rounded up: in minutes, or in hours where
// the number would get long.
func Period(d time.Duration) string {
	if d < 100*time.Hour {
		return strconv.Itoa(int(math.Ceil(d.Minutes()))) + "m"
	}
	return strconv.Itoa(int(math.Ceil(d.Hours()))) + "h"
}

// FoundIssue is an issue as Search and NextIssues find it.
type FoundIssue struct {
	ID, Key string
	Fields  struct {
		Summary string
		Creator struct{ AccountID string }
	}
}

// Number is the part of the key that counts up; 0 when there is none.
func (h FoundIssue) Number() int {
	n, err := strconv.Atoi(h.Key[strings.LastIndexByte(h.Key, '-')+1:])
	if err != nil {
		return 0
	}
	return n
}

func foundFields() []string { return []string{"summary", "creator"} }

// Search finds issues by JQL and returns the first ones only. The search index
// lags behind what was written.
func (c *Client) Search(ctx context.Context, jql string, limit int) ([]FoundIssue, error) {
	var page struct{ Issues []FoundIssue }
	err := c.Fetch(ctx, Call{Method: http.MethodPost, Path: "rest/api/3/search/jql", What: "search for the issue",
		Body: map[string]any{"jql": jql, "fields": foundFields(), "maxResults": limit}}, &page)
	return page.Issues, err
}

// NextIssues reads the BulkSize issues of a project from a number on, without the
// search index. Those that don't exist are left out.
func (c *Client) NextIssues(ctx context.Context, project string, from int) ([]FoundIssue, error) {
	keys := make([]string, BulkSize)
	for i := range keys {
		keys[i] = project + "-" + strconv.Itoa(from+i)
	}
	var page struct{ Issues []FoundIssue }
	err := c.Fetch(ctx, Call{Method: http.MethodPost, Path: "rest/api/3/issue/bulkfetch", What: "look for the issue by key",
		Body: map[string]any{"issueIdsOrKeys": keys, "fields": foundFields()}}, &page)
	if StatusOf(err) == http.StatusNotFound {
		return nil, nil
	}
	return page.Issues, err
}

// Quote makes a text a JQL string.
func Quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
