package watch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"latchkey/jira/rest"
	"latchkey/jira/stamp"
)

// titlePage is how many issues are asked for at once where their titles are wanted, too.
const titlePage = 100

// ClosedTitles are the titles of a project's issues that are closed and not older than a period, the newest first and at most
// so many. None says only that none was shown: Jira leaves out what an account may not see.
func (a *Archive) ClosedTitles(ctx context.Context, project string, within time.Duration, most int) (titles []string, err error) {
	pages := rest.Pages{What: "list the closed issues of project " + project}
	jql := fmt.Sprintf("project = %s AND statusCategory = Done AND created >= -%s ORDER BY created DESC", rest.Quote(project), rest.Period(within))
	for token := ""; ; {
		var page struct {
			Issues        []rest.FoundIssue
			NextPageToken string
		}
		in := map[string]any{"jql": jql, "fields": []string{"summary"}, "maxResults": titlePage}
		if token != "" {
			in["nextPageToken"] = token
		}
		if err := a.api.FetchWithRetry(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/search/jql", What: pages.What, Body: in}, &page); err != nil {
			return nil, err
		}
		var here []string
		for _, is := range page.Issues {
			if here = append(here, is.ID); !strings.HasSuffix(is.Fields.Summary, "["+stamp.TestIssue+"]") { // nobody asked for these
				titles = append(titles, is.Fields.Summary)
			}
		}
		if token = page.NextPageToken; token == "" || len(titles) >= most {
			return titles[:min(len(titles), most)], nil
		}
		if err := pages.Turn(here, token); err != nil {
			return nil, err
		}
	}
}
