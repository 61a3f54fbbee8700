package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

// anchorIssues is how many issues with anchors are looked for: one a year for each
// log that was ever kept in the project.
const anchorIssues = 100

// Anchors reads what was anchored of logs in this project: of the log whose issues
// are named so ("7F3K9Q2M") the newest notes, or all of them; of others the newest
// head. Nothing of it is checked. doubts are sentences about what can't be read.
func (r *Reader) Anchors(ctx context.Context, log string, whole bool) (found []access.AnchorCopy, doubts []string, err error) {
	s, err := r.sites.Site(ctx)
	if err != nil {
		return nil, nil, err
	}
	issues, err := r.anchorIssues(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	if len(issues) == anchorIssues {
		doubts = append(doubts, fmt.Sprintf("There are more than %d issues with anchors in %s; the oldest are not read.", anchorIssues, s.Project))
	}
	years := 0
	for _, is := range issues {
		ours := strings.Contains(is.Fields.Summary, stamp.AnchorMark+log+"-")
		if head, err := r.head(ctx, is); err != nil {
			return nil, nil, err
		} else if head != nil {
			found = append(found, *head)
		}
		if !ours || !whole && years > 0 {
			continue
		}
		notes, err := r.notes(ctx, is, whole)
		if err != nil {
			return nil, nil, err
		}
		if found = append(found, notes...); len(notes) > 0 {
			years++
		}
	}
	return found, doubts, nil
}

// anchorIssues are the issues that Latchkey made for anchors, the newest first. Whoever may not see the
// project would be shown none.
func (r *Reader) anchorIssues(ctx context.Context, s *site.Site) ([]rest.FoundIssue, error) {
	if err := r.sites.MayBrowse(ctx); err != nil {
		return nil, err
	}
	hits, err := r.api.Search(ctx, fmt.Sprintf(`project = %s AND summary ~ %s ORDER BY created DESC`, rest.Quote(s.Project), rest.Quote(rest.Quote(strings.TrimSuffix(stamp.AnchorMark, "-")))), anchorIssues)
	return slices.DeleteFunc(hits, func(h rest.FoundIssue) bool {
		return h.Fields.Creator.AccountID != s.AccountID || !strings.Contains(h.Fields.Summary, "["+stamp.AnchorMark)
	}), err
}

// head is what stands on an issue itself; nil if nothing does.
func (r *Reader) head(ctx context.Context, is rest.FoundIssue) (*access.AnchorCopy, error) {
	var answer struct{ Value json.RawMessage }
	err := r.api.Fetch(ctx, rest.GetIssue("read the head of the log", is.ID, "/properties/"+stamp.HeadProperty, nil), &answer)
	if rest.StatusOf(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &access.AnchorCopy{Where: "Jira, " + is.Key, Draft: true, Post: answer.Value}, nil
}

// notes are what stands in the comments of an issue: the newest page of them, or
// all.
func (r *Reader) notes(ctx context.Context, is rest.FoundIssue, whole bool) (found []access.AnchorCopy, err error) {
	take := func(m rest.Comment) {
		if post := m.Property(stamp.AnchorProperty); post != nil {
			found = append(found, access.AnchorCopy{Where: "Jira, " + is.Key, At: rest.ParseTime(m.Created), Post: post})
		}
	}
	if whole {
		err = EachComment(ctx, r.api, is.ID, take)
		return found, err
	}
	var page rest.CommentPage
	query := url.Values{"expand": {"properties"}, "orderBy": {"-created"}, "maxResults": {fmt.Sprint(rest.CommentsAtOnce)}}
	err = r.api.Fetch(ctx, rest.GetIssue("read the anchors", is.ID, "/comment", query), &page)
	for _, m := range page.Comments {
		take(m)
	}
	return found, err
}

// AnchorIssue finds the newest issue that Latchkey made under an id that begins with a
// mark. The id is empty if the search knows none.
func (r *Reader) AnchorIssue(ctx context.Context, mark string) (issue access.Issue, id string, err error) {
	s, err := r.sites.Site(ctx)
	if err != nil {
		return issue, "", err
	}
	issues, err := r.anchorIssues(ctx, s)
	if err != nil {
		return issue, "", err
	}
	for _, is := range issues {
		_, rest, found := strings.Cut(is.Fields.Summary, "["+mark)
		if !found {
			continue
		}
		rest, _, _ = strings.Cut(rest, "]")
		return s.Issue(is.ID, is.Key), mark + rest, nil
	}
	return issue, "", nil
}
