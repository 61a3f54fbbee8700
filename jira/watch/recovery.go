package watch

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

// idPage is how many ids are searched for at once (REST API v3, "Search for
// issues using JQL enhanced search": at most 5,000 when only ids are asked for).
const idPage = 5000

// Archive reads back everything that Latchkey wrote on issues. It waits by itself
// when Jira asks to, so only commands should use it.
type Archive struct {
	api   *rest.Client
	sites *site.Discoverer
	had   []string // accounts that Latchkey had before
}

// NewArchive makes an archive.
func NewArchive(api *rest.Client, sites *site.Discoverer, accounts []string) *Archive {
	return &Archive{api: api, sites: sites, had: accounts}
}

// own tells whether an account is, or was, Latchkey's.
func (a *Archive) own(s *site.Site, account string) bool {
	return account != "" && (account == s.AccountID || slices.Contains(a.had, account))
}

// RecordedIssues reads back every issue that carries the record of a request, as it
// carries it, and those that should: that Latchkey made or wrote on, and that carry
// nothing; and the issues that it made of reports.
//
// The search only gives the ids, because it lags behind; every issue is then read
// directly, and so are the keys behind the newest one that was found.
func (a *Archive) RecordedIssues(ctx context.Context) ([]access.RecordedIssue, []access.RecordedReport, error) {
	s, err := a.sites.Site(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := &recoveryReader{a: a, s: s, seen: map[string]bool{}}
	ids, err := a.issueIDs(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	for chunk := range slices.Chunk(ids, rest.BulkSize) {
		if err := r.read(ctx, chunk); err != nil {
			return nil, nil, err
		}
	}
	if err := r.readNewest(ctx); err != nil {
		return nil, nil, err
	}
	return r.found, r.reports, r.bare(ctx)
}

// Marks reads what Latchkey's own comments on an issue say to machines, oldest first.
// A comment of anybody else is no mark, whatever it carries.
func (a *Archive) Marks(ctx context.Context, issue string) (marks []access.Mark, err error) {
	s, err := a.sites.Site(ctx)
	if err != nil {
		return nil, err
	}
	err = EachComment(ctx, a.api, issue, func(m rest.Comment) {
		if !a.own(s, m.Author.AccountID) {
			return
		}
		mark := access.Mark{At: rest.ParseTime(m.Created), Edited: m.UpdateAuthor.AccountID != "" && !a.own(s, m.UpdateAuthor.AccountID) || !stamp.Genuine(m)}
		on, _ := stamp.On(m)
		for _, about := range on.All() {
			mark.Event, mark.N, mark.Leaf = about.ID, about.N, about.Leaf
			marks = append(marks, mark)
		}
		if on.Leaf == nil {
			marks = append(marks, mark)
		}
	})
	return marks, err
}

// issueIDs are the ids of the issues that may hold a request, as the index knows
// them: also those that were moved to another project, as far as Latchkey made them.
func (a *Archive) issueIDs(ctx context.Context, s *site.Site) ([]string, error) {
	return a.listIDs(ctx, s, fmt.Sprintf("(project = %s AND issuetype = %s) OR creator = currentUser() ORDER BY key ASC", rest.Quote(s.Project), rest.Quote(s.Form.IssueType)))
}

// listTries is how often a list is begun anew that goes round in circles: page
// tokens can repeat when data moves between pages (JRACLOUD-95368).
const listTries = 3

// listIDs are the ids of what a search finds, each once.
func (a *Archive) listIDs(ctx context.Context, s *site.Site, jql string) (ids []string, err error) {
	seen := map[string]bool{}
	if err := a.sites.MayBrowse(ctx); err != nil { // who may not see the project is shown an empty list
		return nil, err
	}
	for range listTries {
		var round bool
		if ids, round, err = a.listOnce(ctx, s, jql, ids, seen); !round {
			return ids, cmp.Or(err, a.sites.MayBrowse(ctx))
		}
	}
	return nil, err
}

// listOnce adds to the ids, and tells whether the list went round in circles.
func (a *Archive) listOnce(ctx context.Context, s *site.Site, jql string, ids []string, seen map[string]bool) (all []string, round bool, err error) {
	pages := rest.Pages{What: "list the issues of project " + s.Project}
	for token := ""; ; {
		var page struct {
			Issues        []struct{ ID string }
			NextPageToken string
		}
		in := map[string]any{"jql": jql, "fields": []string{"id"}, "maxResults": idPage}
		if token != "" {
			in["nextPageToken"] = token
		}
		if err := a.api.FetchWithRetry(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/search/jql", What: pages.What, Body: in}, &page); err != nil {
			return nil, false, err
		}
		var here []string
		for _, is := range page.Issues {
			if here = append(here, is.ID); !seen[is.ID] {
				seen[is.ID], ids = true, append(ids, is.ID)
			}
		}
		if token = page.NextPageToken; token == "" {
			return ids, false, nil
		}
		if err := pages.Turn(here, token); err != nil {
			return ids, true, err
		}
	}
}

// recoveryReader reads the project once and keeps what it found so far.
type recoveryReader struct {
	a     *Archive
	s     *site.Site
	found []access.RecordedIssue
	empty []string        // ids of issues that carry nothing, made by others
	seen  map[string]bool // by issue id
	last  int             // highest key number

	reports []access.RecordedReport
}

// recordedIssue is an issue as it is read back.
type recordedIssue struct {
	ID, Key string
	Fields  struct {
		Creator rest.User
		Summary string
		Comment rest.CommentPage
	}
	Properties map[string]json.RawMessage
}

// read takes in up to a hundred issues, by id or key.
func (r *recoveryReader) read(ctx context.Context, names []string) error {
	issues, err := r.fetch(ctx, names, []string{"creator", "summary"}, stamp.RecordProperties())
	if err != nil {
		return err
	}
	for _, is := range issues {
		if r.here(is.Key) {
			r.last = max(r.last, rest.FoundIssue{Key: is.Key}.Number())
		}
		if err := r.add(ctx, is); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads issues by id or key. What is missing is looked for once more after Jira said that Latchkey
// may see the project: then it isn't there.
func (r *recoveryReader) fetch(ctx context.Context, names, fields, properties []string) ([]recordedIssue, error) {
	issues, err := r.fetchOnce(ctx, names, fields, properties)
	if err != nil || len(issues) >= len(names) {
		return issues, err
	}
	if err := r.a.sites.MayBrowse(ctx); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(issues, func(is recordedIssue) bool { return is.ID == name || is.Key == name })
	})
	late, err := r.fetchOnce(ctx, missing, fields, properties)
	return append(issues, late...), err
}

func (r *recoveryReader) fetchOnce(ctx context.Context, names, fields, properties []string) ([]recordedIssue, error) {
	var page struct{ Issues []recordedIssue }
	err := r.a.api.FetchWithRetry(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/issue/bulkfetch", What: "read the issues",
		Body: map[string]any{"issueIdsOrKeys": names, "fields": fields, "properties": properties}}, &page)
	if rest.StatusOf(err) == http.StatusNotFound {
		return nil, nil
	}
	return page.Issues, err
}

// readNewest reads on by key until a whole window of keys is empty.
func (r *recoveryReader) readNewest(ctx context.Context) error {
	for {
		before := r.last
		keys := make([]string, rest.BulkSize)
		for i := range keys {
			keys[i] = r.s.Project + "-" + strconv.Itoa(before+1+i)
		}
		if err := r.read(ctx, keys); err != nil || r.last == before {
			return err
		}
	}
}

// add notes an issue, if it is or was a request's.
func (r *recoveryReader) add(ctx context.Context, is recordedIssue) error {
	if r.seen[is.ID] {
		return nil
	}
	r.seen[is.ID] = true
	found := r.issue(is)
	if !r.here(is.Key) && found.Record.State == "" {
		return nil // whatever else this account does elsewhere
	}
	if found.Record.State == "" && len(found.Record.Pages) == 0 && !r.a.own(r.s, is.Fields.Creator.AccountID) {
		r.empty = append(r.empty, is.ID)
		return nil
	}
	if stamp.IsReport(found.Record) {
		if r.a.own(r.s, is.Fields.Creator.AccountID) {
			r.reports = append(r.reports, access.RecordedReport{Issue: found.Issue, ID: stamp.ReportOf(found.Record), Summary: found.Summary})
		}
		marks, err := r.a.Marks(ctx, is.ID)
		if err != nil || !slices.ContainsFunc(marks, func(m access.Mark) bool { return m.Leaf != access.Hash{} }) {
			return err // it belongs to no request
		}
		found.Record = access.IssueRecord{}
	}
	if err := r.a.morePages(ctx, is.ID, &found.Record); err != nil {
		return err
	}
	r.found = append(r.found, found)
	return nil
}

// here tells whether an issue is in the project.
func (r *recoveryReader) here(key string) bool { return strings.HasPrefix(key, r.s.Project+"-") }

func (r *recoveryReader) issue(is recordedIssue) access.RecordedIssue {
	out := access.RecordedIssue{Issue: r.s.Issue(is.ID, is.Key), Summary: is.Fields.Summary, Record: stamp.ReadRecord(is.Properties)}
	out.Issue.Creator = is.Fields.Creator.AccountID
	return out
}

// bare looks among issues that carry nothing for those on which Latchkey has written:
// they carried something once.
func (r *recoveryReader) bare(ctx context.Context) error {
	for chunk := range slices.Chunk(r.empty, rest.BulkSize) {
		issues, err := r.fetch(ctx, chunk, []string{"creator", "summary", "comment"}, nil)
		if err != nil {
			return err
		}
		for _, is := range issues {
			ours := func(m rest.Comment) bool { return r.a.own(r.s, m.Author.AccountID) }
			if !slices.ContainsFunc(is.Fields.Comment.Comments, ours) {
				continue
			}
			marks, err := r.a.Marks(ctx, is.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(marks, func(m access.Mark) bool { return m.Leaf != access.Hash{} }) {
				r.found = append(r.found, r.issue(is))
			}
		}
	}
	return nil
}

// mostPages is how many pages are read: with more than a quarter of a million events
// on them, somebody else has put them there. Whatever is behind them is not read, and
// missed where it was signed.
const mostPages = 1000

// morePages reads the pages beyond those that come along with an issue.
func (a *Archive) morePages(ctx context.Context, issue string, r *access.IssueRecord) error {
	for n := len(r.Pages) + 1; n >= stamp.BulkProperties && n <= mostPages; n++ {
		var answer struct{ Value json.RawMessage }
		err := a.api.FetchWithRetry(ctx, rest.GetIssue("read the pages of the issue", issue, "/properties/"+stamp.PageProperty(n), nil), &answer)
		if rest.StatusOf(err) == http.StatusNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		r.Pages = append(r.Pages, stamp.ReadText(answer.Value))
	}
	return nil
}
