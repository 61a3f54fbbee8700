package issue

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/stamp"
)

// errFull: an issue has as many comments as Jira allows.
var errFull = errors.New("the issue takes no more comments")

// Comments writes comments, and finds those that are there already.
type Comments struct{ api *rest.Client }

// NewComments makes what writes comments.
func NewComments(api *rest.Client) Comments { return Comments{api} }

// Add writes a comment and reads in the answer that it is there, and for whom. One
// that is for agents and that customers could read is taken off again.
func (c Comments) Add(ctx context.Context, issue string, body map[string]any) error {
	_, err := c.add(ctx, issue, body)
	return err
}

// add is Add, and tells when Jira says that the comment was written.
func (c Comments) add(ctx context.Context, issue string, body map[string]any) (at time.Time, err error) {
	k := rest.Call{Method: http.MethodPost, Path: rest.IssuePath(issue, "/comment"), Body: body, NonIdempotent: true, Needs: rest.AddComments, What: "comment on the issue"}
	answer, err := c.api.Do(ctx, k)
	if refused := new(rest.Error); errors.As(err, &refused) && refused.Status == http.StatusRequestEntityTooLarge && !refused.Page {
		return at, &access.Failure{Class: access.Rejected, Err: errors.Join(errFull, err),
			Sentence: "The issue takes no more comments: Jira allows 5,000 on one issue. What Latchkey has to say there is kept, and the issue carries its signed state all the same; delete comments that nobody needs, then retry"}
	}
	if err != nil {
		return at, err
	}
	var made rest.Comment
	if err := json.Unmarshal(answer, &made); err != nil || made.ID == "" {
		return at, c.api.Unreadable(k, errors.New("the answer names no comment"))
	}
	at = rest.ParseTime(made.Created)
	if !made.Public() || !stamp.ForAgents(body) || made.JSDPublic == nil {
		return at, nil
	}
	gone := c.api.Send(ctx, rest.Call{Method: http.MethodDelete, Path: rest.IssuePath(issue, "/comment/", url.PathEscape(made.ID)), What: "take the comment off the issue"})
	return at, errors.Join(rest.Fault("Jira shows customers a comment that is for agents only, so Latchkey took it off again: ask Atlassian why the comment property %s has no effect in this project", stamp.VisibilityProperty), gone)
}

// written finds which comments with a stamp are on the issue already, for
// whichever audience. It reads the newest first and stops at those from well before
// the moment the comment is about.
func (c Comments) written(ctx context.Context, issue string, about stamp.Stamp, at time.Time) (map[stamp.Audience]bool, error) {
	seen := map[stamp.Audience]bool{}
	pages := rest.Pages{What: "read the comments"}
	for page := 0; ; page++ {
		answer, err := c.newest(ctx, issue, page)
		if err != nil {
			return nil, err
		}
		if stampedWith(answer, about, at, seen) || len(answer.Comments) == 0 || (page+1)*rest.CommentsAtOnce >= answer.Total {
			return seen, nil
		}
		if err := pages.Turn(idsOf(answer.Comments), ""); err != nil {
			return nil, err
		}
	}
}

// newest is a page of an issue's comments, the newest first.
func (c Comments) newest(ctx context.Context, issue string, page int) (answer rest.CommentPage, err error) {
	query := url.Values{"expand": {"properties"}, "orderBy": {"-created"},
		"startAt": {strconv.Itoa(page * rest.CommentsAtOnce)}, "maxResults": {strconv.Itoa(rest.CommentsAtOnce)}}
	return answer, c.api.Fetch(ctx, rest.GetIssue("read the comments", issue, "/comment", query), &answer)
}

func idsOf(comments []rest.Comment) []string {
	out := make([]string, len(comments))
	for i, c := range comments {
		out[i] = c.ID
	}
	return out
}

// stampedWith notes the comments of a page that have a stamp; older says that
// what comes next is too old to have it.
func stampedWith(page rest.CommentPage, about stamp.Stamp, since time.Time, seen map[stamp.Audience]bool) (older bool) {
	for _, c := range page.Comments {
		if s, ok := stamp.On(c); ok && s.Same(about) {
			seen[s.Audience] = true
		}
		if at := rest.ParseTime(c.Created); !at.IsZero() && at.Before(since.Add(-rest.IndexMargin)) {
			return true
		}
	}
	return false
}
