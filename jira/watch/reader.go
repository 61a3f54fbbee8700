// Package watch reads issues back: how they stand, what others changed and
// commented, what people filled in when they asked in the portal, and, for
// recovery and for audits, everything that Latchkey wrote on them.
package watch

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

const (
	snapshotPage = 100 // issues of one search page, and of one bulk fetch
	historyPage  = 1000
)

// Reader reads how issues stand.
type Reader struct {
	api   *rest.Client
	sites *site.Discoverer
	seen  func(issue, status string) // called with the status an issue was seen in
}

// NewReader makes a reader. seen is called with the status an issue was seen in.
func NewReader(api *rest.Client, sites *site.Discoverer, seen func(issue, status string)) *Reader {
	return &Reader{api: api, sites: sites, seen: seen}
}

// Changes looks for issues of the request type that were changed since a moment
// and reads how each of them stands. The search lags behind and knows minutes
// only, so it reaches further back than asked; known is asked whether an issue
// was dealt with as it stands, and those are left out.
//
// Only changes that others made are listed. What can't be told apart from a change
// by Latchkey's account is taken for one. It fails unless Latchkey may see the project:
// a search shows nothing to whoever may not.
func (r *Reader) Changes(ctx context.Context, since time.Time, known func(id string, updated time.Time) bool) ([]access.IssueSnapshot, error) {
	s, err := r.sites.Site(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.sites.MayBrowse(ctx); err != nil {
		return nil, err
	}
	ago := r.api.Now().Sub(since) + rest.IndexMargin
	jql := fmt.Sprintf(`project = %s AND issuetype = %s AND updated >= "-%s" ORDER BY key ASC`, rest.Quote(s.Project), s.Form.IssueType, rest.Period(ago))
	ids, err := r.changed(ctx, jql, known)
	if err != nil {
		return nil, err
	}
	return r.look(ctx, s, ids)
}

// changed lists the issues a search finds that are not known as they stand.
func (r *Reader) changed(ctx context.Context, jql string, known func(string, time.Time) bool) ([]string, error) {
	var ids []string
	token, pages := "", rest.Pages{What: "list what was changed"}
	for {
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
		if err := r.api.Fetch(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/search/jql", What: "list what was changed", Body: in}, &page); err != nil {
			return nil, err
		}
		var here []string
		for _, is := range page.Issues {
			if here = append(here, is.ID); !slices.Contains(ids, is.ID) && !known(is.ID, rest.ParseTime(is.Fields.Updated)) {
				ids = append(ids, is.ID)
			}
		}
		if token = page.NextPageToken; token == "" {
			return ids, nil
		}
		if err := pages.Turn(here, token); err != nil {
			return nil, err
		}
	}
}

// Look reads how issues stand, whether they were changed or not. One that is not
// there any more is marked as gone.
func (r *Reader) Look(ctx context.Context, issues []access.Issue) ([]access.IssueSnapshot, error) {
	s, err := r.sites.Site(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, is := range issues {
		ids = append(ids, is.ID)
	}
	out, err := r.look(ctx, s, ids)
	if err != nil && len(out) == 0 {
		return nil, err
	}
	for _, is := range issues {
		if slices.ContainsFunc(out, func(seen access.IssueSnapshot) bool { return seen.Issue.ID == is.ID }) {
			continue
		}
		there, unknown := r.There(ctx, is)
		if unknown != nil {
			err = cmp.Or(err, unknown)
		} else if !there {
			out = append(out, access.IssueSnapshot{Issue: is, Gone: true})
		}
	}
	return out, err
}

// There tells whether an issue is there and can be seen, at this moment. Jira says
// "not found" of everything to whoever may not see the project; that is a failure,
// and says nothing about the issue. The right may come back between two answers, so
// what was not found is looked for once more after Latchkey is known to have it.
func (r *Reader) There(ctx context.Context, issue access.Issue) (bool, error) {
	if found, err := r.found(ctx, issue); found || err != nil {
		return found, err
	}
	if err := r.sites.MayBrowse(ctx); err != nil {
		return false, err
	}
	return r.found(ctx, issue)
}

// found tells whether Jira shows an issue.
func (r *Reader) found(ctx context.Context, issue access.Issue) (bool, error) {
	_, err := r.api.IssueStatus(ctx, cmp.Or(issue.ID, issue.Key))
	if rest.StatusOf(err) == http.StatusNotFound {
		return false, nil
	}
	return err == nil, err
}

// look reads issues and their histories, a page at a time. What can't be read of one
// issue holds up no other: beside the error there are those that could be read.
func (r *Reader) look(ctx context.Context, s *site.Site, ids []string) (out []access.IssueSnapshot, failed error) {
	for part := range slices.Chunk(ids, snapshotPage) {
		seen, err := r.lookAt(ctx, s, part)
		out, failed = append(out, seen...), cmp.Or(failed, err)
		if err != nil && len(seen) == 0 {
			return out, failed
		}
	}
	return out, failed
}

func (r *Reader) lookAt(ctx context.Context, s *site.Site, ids []string) ([]access.IssueSnapshot, error) {
	var page struct{ Issues []issueAnswer }
	begun := r.api.Now()
	err := r.api.Fetch(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/issue/bulkfetch", What: "read the issues",
		Body: map[string]any{"issueIdsOrKeys": ids, "fields": snapshotFields(s), "properties": []string{stamp.StateProperty}}}, &page)
	if rest.StatusOf(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	histories, err := r.histories(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []access.IssueSnapshot
	var failed error
	for _, is := range page.Issues {
		if err := r.allComments(ctx, &is); err != nil {
			failed = cmp.Or(failed, err)
			continue
		}
		seen := issueSnapshot(s, is, histories[is.ID])
		seen.Read = begun
		r.seen(is.ID, is.status().ID)
		out = append(out, seen)
	}
	return out, failed
}

// histories reads the changelogs of several issues at once.
func (r *Reader) histories(ctx context.Context, ids []string) (map[string][]history, error) {
	out := map[string][]history{}
	token, pages := "", rest.Pages{What: "read who changed the issues"}
	for {
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
		if err := r.api.Fetch(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/changelog/bulkfetch", What: "read who changed the issues", Body: in}, &page); err != nil {
			return nil, err
		}
		var here []string
		for _, log := range page.IssueChangeLogs {
			out[log.IssueID] = append(out[log.IssueID], log.ChangeHistories...)
			for _, h := range log.ChangeHistories {
				here = append(here, log.IssueID+"/"+h.ID)
			}
		}
		if token = page.NextPageToken; token == "" {
			return out, nil
		}
		if err := pages.Turn(here, token); err != nil {
			return nil, err
		}
	}
}
