package jira

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
)

const (
	window     = 100              // keys asked for at once; the most bulkfetch takes
	maxWindows = 50               // a bound for the probe; the search covers what is further back
	margin     = 10 * time.Minute // how much older than the attempt an issue must be to be surely in the index
)

// recover looks for the issue with an id that an earlier attempt may have made.
// None without an error says that there is none and that this is certain.
func (c *Client) recover(ctx context.Context, s *site, id string, since time.Time) (made, error) {
	if tried, ok := c.tried.get(id); ok && since.IsZero() {
		since = tried
	}
	if since.IsZero() {
		return made{}, nil
	}
	found, err := c.find(ctx, s, id, since)
	if err != nil {
		return made{}, stillUnclear(err)
	}
	if found.key != "" {
		return found, nil
	}
	if wait := c.latest(id, since).Add(c.cfg.Settle).Sub(c.cfg.Now()); wait > 0 {
		return made{}, &access.Failure{Class: access.Unclear, After: min(wait, unclearWait),
			Sentence: "It isn't certain yet whether Jira opened the issue of " + id + "; Latchkey keeps looking before it opens another"}
	}
	return made{}, nil
}

// latest is when the issue may have been attempted last: by this client if it
// has tried, else at any time until it was made.
func (c *Client) latest(request string, since time.Time) time.Time {
	last, ok := c.tried.get(request)
	if !ok {
		last = c.born
	}
	if since.After(last) {
		return since
	}
	return last
}

// stillUnclear keeps the class that makes the next attempt look again.
func stillUnclear(err error) error {
	f := *access.Classify(err)
	if f.Class == access.Transient {
		f.Class, f.After = access.Unclear, orDefault(f.After, unclearWait)
	}
	return &f
}

// find looks in the search, then under the keys that came after the attempt.
func (c *Client) find(ctx context.Context, s *site, id string, since time.Time) (made, error) {
	hits, err := c.search(ctx, fmt.Sprintf(`project = %s AND summary ~ %s ORDER BY key ASC`, quoted(s.project), quoted(quoted(id))), 50)
	if err != nil {
		return made{}, err
	}
	if found, ok := s.pick(hits, id); ok {
		return found, nil
	}
	return c.probe(ctx, s, id, since)
}

// probe reads the issues behind the newest one that is surely older than the
// attempt. Reading by key does not go through the search index.
func (c *Client) probe(ctx context.Context, s *site, id string, since time.Time) (made, error) {
	ago := c.cfg.Now().Sub(since) + margin
	base, err := c.search(ctx, fmt.Sprintf(`project = %s AND created <= "-%s" ORDER BY created DESC`, quoted(s.project), period(ago)), 1)
	if err != nil {
		return made{}, err
	}
	next := 1
	if len(base) > 0 {
		next = base[0].number() + 1
	}
	for range maxWindows {
		hits, err := c.fetch(ctx, s.project, next)
		if err != nil || len(hits) == 0 {
			return made{}, err
		}
		if found, ok := s.pick(hits, id); ok {
			return found, nil
		}
		next += window
	}
	return made{}, nil
}

// period writes a duration for JQL, rounded up: in minutes, or in hours where
// the number would get long.
func period(d time.Duration) string {
	if d < 100*time.Hour {
		return strconv.Itoa(int(math.Ceil(d.Minutes()))) + "m"
	}
	return strconv.Itoa(int(math.Ceil(d.Hours()))) + "h"
}

// hit is an issue as looking finds it.
type hit struct {
	ID, Key string
	Fields  struct {
		Summary string
		Creator struct{ AccountID string }
		Status  struct{ Name string }
	}
}

// number is the part of the key that counts up.
func (h hit) number() int {
	n, err := strconv.Atoi(h.Key[strings.LastIndexByte(h.Key, '-')+1:])
	if err != nil {
		return 0
	}
	return n
}

// pick finds the oldest issue that Latchkey made for the request. Others may
// have copied the marker into an issue of their own.
func (s *site) pick(hits []hit, id string) (made, bool) {
	var best hit
	for _, h := range hits {
		if h.Fields.Creator.AccountID == s.me && strings.Contains(h.Fields.Summary, marker(id)) &&
			(best.Key == "" || h.number() < best.number()) {
			best = h
		}
	}
	return made{id: best.ID, key: best.Key, status: best.Fields.Status.Name}, best.Key != ""
}

func wantedFields() []string { return []string{"summary", "creator", "status"} }

// search returns the first hits only.
func (c *Client) search(ctx context.Context, jql string, limit int) ([]hit, error) {
	var page struct{ Issues []hit }
	err := c.ask(ctx, call{method: http.MethodPost, path: "rest/api/3/search/jql", what: "search for the issue",
		in: map[string]any{"jql": jql, "fields": wantedFields(), "maxResults": limit}}, &page)
	return page.Issues, err
}

// fetch reads the issues with the next keys; those that don't exist are left out.
func (c *Client) fetch(ctx context.Context, project string, from int) ([]hit, error) {
	keys := make([]string, window)
	for i := range keys {
		keys[i] = project + "-" + strconv.Itoa(from+i)
	}
	var page struct{ Issues []hit }
	err := c.ask(ctx, call{method: http.MethodPost, path: "rest/api/3/issue/bulkfetch", what: "look for the issue by key",
		in: map[string]any{"issueIdsOrKeys": keys, "fields": wantedFields()}}, &page)
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	return page.Issues, err
}

// quoted writes a JQL string.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
