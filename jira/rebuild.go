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
	"latchkey/catalog"
)

// idPage is how many ids are searched for at once (REST API v3, "Search for
// issues using JQL enhanced search": at most 5,000 when only ids are asked for).
const idPage = 5000

// Recall reads back every request that the project's issues tell of: the state
// that Latchkey left in each issue, and the story, from there or else from the
// comments. It waits by itself when Jira asks to. doubts are sentences about
// issues that can't be read as a request's.
//
// The search only gives the ids, because it lags behind; every issue is then read
// directly, and so are the keys behind the newest one that was found.
func (c *Client) Recall(ctx context.Context) (found []access.RecoveredCase, doubts []string, err error) {
	s, err := c.site(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := &recollection{c: c, s: s, seen: map[string]string{}}
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
	found  []access.RecoveredCase
	doubts []string
	seen   map[string]string // request id -> issue key
	last   int               // highest key number
}

// relic is an issue as it is read back.
type relic struct {
	ID, Key string
	Fields  struct {
		Summary string
		Created string
		Creator struct{ AccountID string }
	}
	Properties map[string]json.RawMessage
}

// read takes in up to a hundred issues, by id or key.
func (r *recollection) read(ctx context.Context, names []string) error {
	relics, err := r.fetch(ctx, names)
	if err != nil {
		return err
	}
	for _, is := range relics {
		r.last = max(r.last, hit{Key: is.Key}.number())
		if err := r.take(ctx, is); err != nil {
			return err
		}
	}
	return nil
}

func (r *recollection) fetch(ctx context.Context, names []string) ([]relic, error) {
	var page struct{ Issues []relic }
	err := r.c.insist(ctx, call{method: http.MethodPost, path: "rest/api/3/issue/bulkfetch", what: "read the issues",
		in: map[string]any{"issueIdsOrKeys": names, "fields": []string{"summary", "creator", "created"}, "properties": []string{stateProperty}}}, &page)
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

// take makes a memory of an issue, if it is a request's.
func (r *recollection) take(ctx context.Context, is relic) error {
	raw, ours := is.Properties[stateProperty]
	if !ours {
		if is.Fields.Creator.AccountID == r.s.me {
			r.doubt("%s was made by Latchkey but carries no state, so nothing can be rebuilt from it: look at it and make the request again if it is still wanted", is.Key)
		}
		return nil
	}
	var snap snapshot
	err := json.Unmarshal(raw, &snap)
	if err == nil && snap.Report != "" && snap.Request == "" {
		return nil // tells what was changed without a request
	}
	if err != nil || snap.Request == "" {
		r.doubt("The state in %s can't be read: somebody changed the property %q. Look at the issue's comments and make the request again if it is still wanted", is.Key, stateProperty)
		return nil
	}
	if other, twice := r.seen[snap.Request]; twice {
		if other != is.Key {
			r.doubt("%s and %s both say they are request %s; %s is used. Close the other one", other, is.Key, snap.Request, other)
		}
		return nil
	}
	m, err := r.remember(ctx, is, snap)
	if err != nil {
		return err
	}
	r.seen[snap.Request] = is.Key
	r.found = append(r.found, m)
	return nil
}

func (r *recollection) doubt(format string, args ...any) {
	r.doubts = append(r.doubts, fmt.Sprintf(format, args...))
}

// remember reads the snapshot, and the comments where it lacks the story.
func (r *recollection) remember(ctx context.Context, is relic, snap snapshot) (access.RecoveredCase, error) {
	m := access.RecoveredCase{Phase: snap.Phase}
	if snap.Until != nil {
		m.Until = *snap.Until
	}
	if snap.Record != nil {
		m.Request, m.Grant, m.Story, m.Whole = snap.Record.Request, snap.Record.Grant, snap.Record.Story, true
	} else {
		m.Request = snap.outline(is)
	}
	if m.Request.ID != snap.Request {
		m.Doubts = append(m.Doubts, fmt.Sprintf("%s says it is request %s, but the state in it is of %s", is.Key, snap.Request, m.Request.ID))
	}
	m.Request.ID = snap.Request
	m.Request.Issue = access.Issue{ID: is.ID, Key: is.Key, URL: r.s.link(is.Key)}
	if len(m.Story) > 0 {
		return m, nil
	}
	var err error
	m.Story, err = r.c.storyIn(ctx, is.ID)
	return m, err
}

// outline is the request as far as the snapshot tells it to everybody.
func (s snapshot) outline(is relic) access.Request {
	r := access.Request{ID: s.Request, Requester: s.Requester, Beneficiary: s.Person, App: s.App, Role: s.Role, State: access.RequestPending}
	if wanted, err := catalog.ParseDuration(s.Wanted); err == nil {
		r.Wanted, r.Allowed = wanted, wanted
	}
	if at, err := time.Parse(jiraTime, is.Fields.Created); err == nil {
		r.Created = at.UTC()
	}
	return r
}

// storyIn collects the events that the bot's comments on an issue carry.
func (c *Client) storyIn(ctx context.Context, issue string) ([]access.Event, error) {
	s, err := c.site(ctx)
	if err != nil {
		return nil, err
	}
	var story []access.Event
	err = c.eachComment(ctx, issue, func(m remark) {
		if e := m.event(); e != nil && m.Author.AccountID == s.me {
			story = append(story, *e)
		}
	})
	slices.SortStableFunc(story, func(a, b access.Event) int { return int(a.Seq) - int(b.Seq) })
	return slices.CompactFunc(story, func(a, b access.Event) bool { return a.Seq == b.Seq }), err
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

// event is the event the comment carries, if it does.
func (m remark) event() *access.Event {
	for _, p := range m.Properties {
		var s stamp
		if p.Key == eventProperty && json.Unmarshal(p.Value, &s) == nil && s.Event != nil && s.Event.ID() == s.ID {
			return s.Event
		}
	}
	return nil
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
