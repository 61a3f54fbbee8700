package jira

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"latchkey/access"
)

const (
	snapshotPage  = 100 // issues of one search page, and of one bulk fetch
	snapshotPages = 200 // a bound for a search whose page tokens go round in circles

	historyPage  = 1000
	historyPages = 200
)

// Changes looks for issues of the request type that were changed since a moment
// and tells how each of them stands. The search lags behind and knows minutes
// only, so it reaches further back than asked; known is asked whether an issue
// was dealt with as it stands, and those are left out.
//
// Only changes that others made are told. What can't be told apart from a change
// by Latchkey's account is taken for one.
func (c *Client) Changes(ctx context.Context, since time.Time, known func(id string, updated time.Time) bool) ([]access.IssueSnapshot, error) {
	s, err := c.site(ctx)
	if err != nil {
		return nil, err
	}
	ago := c.cfg.Now().Sub(since) + margin
	jql := fmt.Sprintf(`project = %s AND issuetype = %s AND updated >= "-%s" ORDER BY key ASC`, quoted(s.project), s.form.issueType, period(ago))
	ids, err := c.changed(ctx, jql, known)
	if err != nil {
		return nil, err
	}
	return c.look(ctx, s, ids)
}

// changed lists the issues a search finds that are not known as they stand.
func (c *Client) changed(ctx context.Context, jql string, known func(string, time.Time) bool) ([]string, error) {
	var ids []string
	token := ""
	for range snapshotPages {
		in := map[string]any{"jql": jql, "fields": []string{"updated"}, "maxResults": snapshotPage}
		if token != "" {
			in["nextPageToken"] = token
		}
		var page struct {
			Issues []struct {
				ID     string
				Fields struct{ Updated string }
			}
			NextPageToken string
		}
		if err := c.ask(ctx, call{method: http.MethodPost, path: "rest/api/3/search/jql", what: "list what was changed", in: in}, &page); err != nil {
			return nil, err
		}
		for _, is := range page.Issues {
			if !slices.Contains(ids, is.ID) && !known(is.ID, dated(is.Fields.Updated)) {
				ids = append(ids, is.ID)
			}
		}
		if page.NextPageToken == "" || page.NextPageToken == token {
			return ids, nil
		}
		token = page.NextPageToken
	}
	return ids, nil
}

// Look tells how issues stand, whether they were changed or not. One that is
// not there any more is told as gone.
func (c *Client) Look(ctx context.Context, issues []access.Issue) ([]access.IssueSnapshot, error) {
	s, err := c.site(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, is := range issues {
		ids = append(ids, is.ID)
	}
	out, err := c.look(ctx, s, ids)
	if err != nil {
		return nil, err
	}
	for _, is := range issues {
		if slices.ContainsFunc(out, func(seen access.IssueSnapshot) bool { return seen.Issue.ID == is.ID }) {
			continue
		}
		gone, err := c.isGone(ctx, is.ID)
		if err != nil {
			return nil, err
		}
		if gone {
			out = append(out, access.IssueSnapshot{Issue: is, Gone: true})
		}
	}
	return out, nil
}

// isGone makes sure that an issue that a bulk fetch left out is not there.
func (c *Client) isGone(ctx context.Context, id string) (bool, error) {
	_, err := c.statusOf(ctx, id)
	if status(err) == http.StatusNotFound {
		return true, nil
	}
	return false, err
}

// look reads issues and their histories, a page at a time.
func (c *Client) look(ctx context.Context, s *site, ids []string) ([]access.IssueSnapshot, error) {
	var out []access.IssueSnapshot
	for part := range slices.Chunk(ids, snapshotPage) {
		seen, err := c.lookAt(ctx, s, part)
		if err != nil {
			return nil, err
		}
		out = append(out, seen...)
	}
	return out, nil
}

func (c *Client) lookAt(ctx context.Context, s *site, ids []string) ([]access.IssueSnapshot, error) {
	var page struct{ Issues []seenIssue }
	err := c.ask(ctx, call{method: http.MethodPost, path: "rest/api/3/issue/bulkfetch", what: "read the issues",
		in: map[string]any{"issueIdsOrKeys": ids, "fields": s.snapshotFields(), "properties": []string{stateProperty}}}, &page)
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	histories, err := c.histories(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []access.IssueSnapshot
	for _, is := range page.Issues {
		if err := c.allComments(ctx, &is); err != nil {
			return nil, err
		}
		seen := s.issueSnapshot(is, histories[is.ID])
		c.notePlace(seen, is)
		out = append(out, seen)
	}
	return out, nil
}

// notePlace drops the remembered place of an issue that others moved.
func (c *Client) notePlace(seen access.IssueSnapshot, is seenIssue) {
	if p, ok := c.places.get(is.ID); ok && p.status != is.status().ID {
		c.places.drop(seen.Issue.ID)
	}
}

// histories reads the changelogs of several issues at once.
func (c *Client) histories(ctx context.Context, ids []string) (map[string][]history, error) {
	out := map[string][]history{}
	token := ""
	for range historyPages {
		in := map[string]any{"issueIdsOrKeys": ids, "maxResults": historyPage}
		if token != "" {
			in["nextPageToken"] = token
		}
		var page struct {
			IssueChangeLogs []struct {
				IssueID         string
				ChangeHistories []history
			}
			NextPageToken string
		}
		if err := c.ask(ctx, call{method: http.MethodPost, path: "rest/api/3/changelog/bulkfetch", what: "read who changed the issues", in: in}, &page); err != nil {
			return nil, err
		}
		for _, log := range page.IssueChangeLogs {
			out[log.IssueID] = append(out[log.IssueID], log.ChangeHistories...)
		}
		if page.NextPageToken == "" || page.NextPageToken == token {
			break
		}
		token = page.NextPageToken
	}
	return out, nil
}
