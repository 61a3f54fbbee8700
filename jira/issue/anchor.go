package issue

import (
	"context"
	"net/http"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/stamp"
	"latchkey/jira/wording"
)

// PostAnchor writes what the log's head is as a comment for agents, and tells when
// Jira says that it was written. again says that an earlier attempt may have got
// through: look before writing.
func (w *Writer) PostAnchor(ctx context.Context, at access.Issue, n access.AnchorNote, again bool) (time.Time, error) {
	if again {
		written, err := w.comments.anchored(ctx, at.ID, n.ID)
		if err != nil || !written.IsZero() {
			return written, err
		}
	}
	text := wording.Comment(access.IssueComment{Title: n.Title, Lines: n.Lines})
	return w.comments.add(ctx, at.ID, stamp.AnchorComment(n.ID, text, n.Post))
}

// anchored is when a comment with an anchor's id was written; zero if there is none
// among the newest.
func (c Comments) anchored(ctx context.Context, issue, id string) (time.Time, error) {
	page, err := c.newest(ctx, issue, 0)
	for _, m := range page.Comments {
		if s, ok := stamp.On(m); ok && s.ID == id {
			return rest.ParseTime(m.Created), nil
		}
	}
	return time.Time{}, err
}

// PinAnchor puts the newest head on the issue, in the place of the one before.
func (w *Writer) PinAnchor(ctx context.Context, at access.Issue, n access.AnchorNote) error {
	return w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(at.ID, "/properties/", stamp.HeadProperty), Needs: rest.EditIssues, What: "note the head of the log", Body: n.Post})
}
