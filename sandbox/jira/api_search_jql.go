package jira

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"latchkey/sandbox/jira/world"
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
	q, err := c.site.CompileJQL(in.JQL, c.who)
	if err != nil {
		return reply{}, err
	}
	scope := fmt.Sprint(in.JQL, in.ReconcileIssues)
	start, err := readToken(in.NextPageToken, scope)
	if err != nil {
		return reply{}, err
	}
	var hits []*world.LiveIssue
	if c.who.Browses() {
		hits = c.site.Search(q, in.ReconcileIssues)
	}
	s := selectFields(in.Fields, "id")
	end := min(start+in.pageSize(s), len(hits))
	out := obj{"issues": c.found(hits[min(start, len(hits)):end], in, s), "isLast": end >= len(hits)}
	if slices.Contains(expand, "names") {
		out["names"] = c.fieldNames()
	}
	if end < len(hits) {
		out["nextPageToken"] = c.site.NextPageToken(in.NextPageToken, writeToken(end, scope))
	}
	return ok(out), nil
}

func (c *call) found(page []*world.LiveIssue, in searchInput, s selection) []any {
	expand := slices.DeleteFunc(strings.Split(in.Expand, ","), func(e string) bool { return e == "names" })
	issues := []any{}
	for _, is := range page {
		one := c.issue(is, s, in.Properties)
		c.expand(one, is, expand)
		issues = append(issues, one)
	}
	return issues
}
