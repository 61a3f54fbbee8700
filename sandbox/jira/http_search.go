package jira

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Limits of the enhanced search.
const (
	reconcileLimit      = 50
	searchPageLimit     = 5000
	searchPageDefault   = 50
	searchPropertyLimit = 5
)

type searchInput struct {
	JQL             string   `json:"jql"`
	NextPageToken   string   `json:"nextPageToken"`
	MaxResults      int      `json:"maxResults"`
	Fields          []string `json:"fields"`
	FieldsByKeys    bool     `json:"fieldsByKeys"`
	Properties      []string `json:"properties"`
	Expand          string   `json:"expand"`
	ReconcileIssues []int    `json:"reconcileIssues"`
}

func postSearch(c *call) (reply, error) {
	var in searchInput
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	return c.search(in)
}

func getSearch(c *call) (reply, error) {
	in := searchInput{JQL: c.query.Get("jql"), NextPageToken: c.query.Get("nextPageToken"), Fields: c.list("fields"),
		Properties: c.list("properties"), Expand: c.query.Get("expand")}
	var err error
	if in.MaxResults, err = c.number("maxResults", 0); err != nil {
		return reply{}, err
	}
	for _, v := range c.list("reconcileIssues") {
		id, err := strconv.Atoi(v)
		if err != nil {
			return reply{}, refuse(http.StatusBadRequest, "reconcileIssues must be numeric issue ids.")
		}
		in.ReconcileIssues = append(in.ReconcileIssues, id)
	}
	return c.search(in)
}

func (in searchInput) check() error {
	switch {
	case len(in.ReconcileIssues) > reconcileLimit:
		return refuse(http.StatusBadRequest, "The maximum number of issues to reconcile is %d.", reconcileLimit)
	case len(in.Properties) > searchPropertyLimit:
		return refuse(http.StatusBadRequest, "The maximum number of properties is %d.", searchPropertyLimit)
	case in.MaxResults < 0:
		return refuse(http.StatusBadRequest, "maxResults must not be negative.")
	}
	return nil
}

// pageSize is what the client asked for, up to the limit of fat answers.
func (in searchInput) pageSize(s selection) int {
	switch {
	case in.MaxResults == 0:
		return searchPageDefault
	case s.idOnly():
		return min(in.MaxResults, searchPageLimit)
	}
	return min(in.MaxResults, 100)
}

func (c *call) search(in searchInput) (reply, error) {
	if err := in.check(); err != nil {
		return reply{}, err
	}
	expand := strings.Split(in.Expand, ",")
	if err := checkExpand(expand); err != nil {
		return reply{}, err
	}
	q, err := c.w.compile(in.JQL, c.who)
	if err != nil {
		return reply{}, err
	}
	scope := fmt.Sprint(in.JQL, in.ReconcileIssues)
	start, err := readToken(in.NextPageToken, scope)
	if err != nil {
		return reply{}, err
	}
	var hits []doc
	if c.who.browses() {
		hits = c.w.search(q, in.ReconcileIssues)
	}
	s := selectFields(in.Fields, "id")
	end := min(start+in.pageSize(s), len(hits))
	out := obj{"issues": c.found(hits[min(start, len(hits)):end], in, s), "isLast": end >= len(hits)}
	if slices.Contains(expand, "names") {
		out["names"] = c.fieldNames()
	}
	if end < len(hits) {
		out["nextPageToken"] = c.w.repeatToken(in.NextPageToken, writeToken(end, scope))
	}
	return ok(out), nil
}

func (c *call) found(page []doc, in searchInput, s selection) []any {
	expand := slices.DeleteFunc(strings.Split(in.Expand, ","), func(e string) bool { return e == "names" })
	issues := []any{}
	for _, d := range page {
		one := c.issue(d.is, s, in.Properties)
		c.expand(one, d.is, expand)
		issues = append(issues, one)
	}
	return issues
}

// repeatToken hands out the token that was just used when the site is told to
// misbehave, as it does when data drifts between pages.
func (w *world) repeatToken(used, next string) string {
	if used == "" || w.repeats == 0 {
		return next
	}
	w.repeats--
	return used
}

// pageToken is opaque to clients; it is bound to what it pages.
type pageToken struct {
	Offset int    `json:"o"`
	Scope  uint64 `json:"s"`
}

func scopeHash(scope string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(scope)) // a hash never fails
	return h.Sum64()
}

func writeToken(offset int, scope string) string {
	raw, err := json.Marshal(pageToken{offset, scopeHash(scope)})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readToken(token, scope string) (int, error) {
	if token == "" {
		return 0, nil
	}
	var t pageToken
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(raw, &t) != nil || t.Offset < 0 || t.Scope != scopeHash(scope) {
		return 0, refuse(http.StatusBadRequest, "The provided next page token is invalid or has expired.")
	}
	return t.Offset, nil
}

func approximateCount(c *call) (reply, error) {
	var in struct {
		JQL string `json:"jql"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	q, err := c.w.compile(in.JQL, c.who)
	if err != nil {
		return reply{}, err
	}
	return ok(obj{"count": len(c.w.search(q, nil))}), nil
}

func matchJQL(c *call) (reply, error) {
	var in struct {
		IssueIDs []int    `json:"issueIds"`
		JQLs     []string `json:"jqls"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, jql := range in.JQLs {
		out = append(out, c.matchOne(jql, in.IssueIDs))
	}
	return ok(obj{"matches": out}), nil
}

func (c *call) matchOne(jql string, ids []int) obj {
	matched, errs := []int{}, []string{}
	q, err := parseJQL(jql, binder{c.w, c.who}.bind)
	switch {
	case err != nil:
		errs = append(errs, err.Error())
	case q.where != nil:
		for _, id := range ids {
			if is := c.w.issues[id]; is != nil && q.where.match(is.doc()) {
				matched = append(matched, id)
			}
		}
	}
	return obj{"matchedIssues": matched, "errors": errs}
}

func removedSearch(c *call) (reply, error) {
	c.s.violation("%s %s was removed from Jira Cloud; use /rest/api/3/search/jql", c.r.Method, c.path)
	return reply{}, refuse(http.StatusGone, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "+
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046")
}
