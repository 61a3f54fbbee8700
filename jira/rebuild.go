package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
)

// idPage is how many ids are searched for at once (REST API v3, "Search for
// issues using JQL enhanced search": at most 5,000 when only ids are asked for).
const idPage = 5000

// Recall reads back every issue that carries the record of a request, as it
// carries it. It waits by itself when Jira asks to. doubts are sentences about
// issues that Latchkey made and that carry nothing.
//
// The search only gives the ids, because it lags behind; every issue is then read
// directly, and so are the keys behind the newest one that was found.
func (c *Client) Recall(ctx context.Context) (found []access.RecordedIssue, doubts []string, err error) {
	s, err := c.site(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := &recollection{c: c, s: s, seen: map[string]bool{}}
	ids, err := c.issueIDs(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	for chunk := range slices.Chunk(ids, window) {
		if err := r.read(ctx, chunk); err != nil {
			return nil, nil, err
		}
	}
	if err := r.readNewest(ctx); err != nil {
		return nil, nil, err
	}
	return r.found, r.doubts, nil
}

// issueIDs are the ids of the issues that may hold a request, as the index knows
// them.
func (c *Client) issueIDs(ctx context.Context, s *site) ([]string, error) {
	return c.listIDs(ctx, s, fmt.Sprintf("project = %s AND issuetype = %s ORDER BY key ASC", quoted(s.project), quoted(s.form.issueType)))
}

// listIDs are the ids of what a search finds, each once. Page tokens can repeat
// when data moves between pages (JRACLOUD-95368).
func (c *Client) listIDs(ctx context.Context, s *site, jql string) ([]string, error) {
	var ids []string
	seen, tokens := map[string]bool{}, map[string]bool{}
	for token := ""; ; {
		var page struct {
			Issues        []struct{ ID string }
			NextPageToken string
		}
		in := map[string]any{"jql": jql, "fields": []string{"id"}, "maxResults": idPage}
		if token != "" {
			in["nextPageToken"] = token
		}
		if err := c.insist(ctx, call{method: http.MethodPost, path: "rest/api/3/search/jql", what: "list the issues of project " + s.project, in: in}, &page); err != nil {
			return nil, err
		}
		for _, is := range page.Issues {
			if !seen[is.ID] {
				seen[is.ID], ids = true, append(ids, is.ID)
			}
		}
		if token = page.NextPageToken; token == "" || tokens[token] {
			return ids, nil
		}
		tokens[token] = true
	}
}

// recollection is what has been read so far.
type recollection struct {
	c      *Client
	s      *site
	found  []access.RecordedIssue
	doubts []string
	seen   map[string]bool // by issue id
	last   int             // highest key number
}

// issueProperties is an issue as it is read back.
type issueProperties struct {
	ID, Key string
	Fields  struct {
		Creator struct{ AccountID string }
	}
	Properties map[string]json.RawMessage
}

// read takes in up to a hundred issues, by id or key.
func (r *recollection) read(ctx context.Context, names []string) error {
	issues, err := r.fetch(ctx, names)
	if err != nil {
		return err
	}
	for _, is := range issues {
		r.last = max(r.last, hit{Key: is.Key}.number())
		if err := r.take(ctx, is); err != nil {
			return err
		}
	}
	return nil
}

func (r *recollection) fetch(ctx context.Context, names []string) ([]issueProperties, error) {
	var page struct{ Issues []issueProperties }
	err := r.c.insist(ctx, call{method: http.MethodPost, path: "rest/api/3/issue/bulkfetch", what: "read the issues",
		in: map[string]any{"issueIdsOrKeys": names, "fields": []string{"creator"}, "properties": recordProperties()}}, &page)
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	return page.Issues, err
}

// readNewest reads on by key until a whole window of keys is empty.
func (r *recollection) readNewest(ctx context.Context) error {
	for {
		before := r.last
		keys := make([]string, window)
		for i := range keys {
			keys[i] = r.s.project + "-" + strconv.Itoa(before+1+i)
		}
		if err := r.read(ctx, keys); err != nil || r.last == before {
			return err
		}
	}
}

// take notes an issue, if it is a request's.
func (r *recollection) take(ctx context.Context, is issueProperties) error {
	if r.seen[is.ID] {
		return nil
	}
	r.seen[is.ID] = true
	if _, ours := is.Properties[stateProperty]; !ours {
		if is.Fields.Creator.AccountID == r.s.me {
			r.doubts = append(r.doubts, is.Key+" was made by Latchkey but carries no state, so nothing can be rebuilt from it: look at it and make the request again if it is still wanted")
		}
		return nil
	}
	found := access.RecordedIssue{Issue: access.Issue{ID: is.ID, Key: is.Key, URL: r.s.link(is.Key)}, Record: recordIn(is.Properties)}
	if isReport(found.Record) {
		return nil // tells what was changed without a request
	}
	if err := r.c.morePages(ctx, is.ID, &found.Record); err != nil {
		return err
	}
	r.found = append(r.found, found)
	return nil
}

// remark is one comment as it is read back.
type remark struct {
	ID      string
	Author  struct{ AccountID, DisplayName string }
	Created string
	Public  *bool `json:"jsdPublic"`
	Body    node
	// Properties come only when they are asked for.
	Properties []struct {
		Key   string
		Value json.RawMessage
	}
}

// stamp is what the comment is about, if Latchkey says so.
func (m remark) stamp() (s stamp, ok bool) {
	for _, p := range m.Properties {
		if p.Key == eventProperty && json.Unmarshal(p.Value, &s) == nil && s.Leaf != nil {
			return s, true
		}
	}
	return stamp{}, false
}

// eachComment reads the comments of an issue, oldest first.
func (c *Client) eachComment(ctx context.Context, issue string, each func(remark)) error {
	for start := 0; ; {
		var page struct {
			Total    int
			Comments []remark
		}
		query := url.Values{"expand": {"properties"}, "orderBy": {"created"}, "startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(commentPage)}}
		if err := c.insist(ctx, get("read the comments", issuePath(issue, "/comment"), query), &page); err != nil {
			return err
		}
		for _, m := range page.Comments {
			each(m)
		}
		if start += len(page.Comments); len(page.Comments) == 0 || start >= page.Total {
			return nil
		}
	}
}

// text is the words of a document, a line for each block.
func (n node) text() string {
	var b strings.Builder
	n.write(&b)
	return strings.TrimSpace(b.String())
}

func (n node) write(b *strings.Builder) {
	switch n.Type {
	case "text":
		b.WriteString(n.Text)
	case "hardBreak":
		b.WriteByte('\n')
	}
	for _, child := range n.Content {
		child.write(b)
	}
	if n.Type == "paragraph" {
		b.WriteByte('\n')
	}
}

// Insisting: how often a reading call is made when Jira has trouble. Being asked
// to wait does not count.
const (
	insistTries = 6
	insistPause = time.Second
)

// insist makes a call that only reads and does not give up at the first trouble.
func (c *Client) insist(ctx context.Context, k call, out any) error {
	for try := 1; ; {
		err := c.ask(ctx, k, out)
		if err == nil {
			return nil
		}
		f := access.Classify(err)
		pause := f.After
		switch {
		case f.Class == access.Transient && try < insistTries:
			pause = max(pause, insistPause<<(try-1))
			try++
		case f.Class != access.Limited:
			return err
		}
		if err := c.rest(ctx, pause); err != nil {
			return err
		}
	}
}

// rest waits, in real time: nobody waits for a task here.
func (c *Client) rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(max(d, 10*time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &access.Failure{Class: access.Transient, Err: ctx.Err(), Sentence: "Latchkey was stopped while it read Jira; run the command again"}
	}
}
