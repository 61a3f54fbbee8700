package watch

import (
	"context"
	"net/url"
	"strconv"

	"latchkey/jira/rest"
)

// EachComment reads the comments of an issue, oldest first.
func EachComment(ctx context.Context, api *rest.Client, issue string, each func(rest.Comment)) error {
	pages := rest.Pages{What: "read the comments"}
	for start := 0; ; {
		var page struct {
			Total    int
			Comments []rest.Comment
		}
		query := url.Values{"expand": {"properties"}, "orderBy": {"created"}, "startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(rest.CommentsAtOnce)}}
		if err := api.FetchWithRetry(ctx, rest.GetIssue("read the comments", issue, "/comment", query), &page); err != nil {
			return err
		}
		for _, m := range page.Comments {
			each(m)
		}
		if start += len(page.Comments); len(page.Comments) == 0 || start >= page.Total {
			return nil
		}
		if err := pages.Turn(commentIDs(page.Comments), ""); err != nil {
			return err
		}
	}
}

func commentIDs(all []rest.Comment) []string {
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = m.ID
	}
	return out
}
