package jira

import (
	"net/http"
	"slices"
	"strconv"
)

// bulkLimit is the number of issues of one bulk fetch.
const bulkLimit = 100

// bulkFetch answers with the issues there are. As the vendor documents, issues
// that are missing or invisible are not among the errors.
func bulkFetch(c *call) (reply, error) {
	var in struct {
		IssueIDsOrKeys []string `json:"issueIdsOrKeys"`
		Fields         []string `json:"fields"`
		FieldsByKeys   bool     `json:"fieldsByKeys"`
		Properties     []string `json:"properties"`
		Expand         []string `json:"expand"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if len(in.IssueIDsOrKeys) == 0 || len(in.IssueIDsOrKeys) > bulkLimit {
		return reply{}, refuse(http.StatusBadRequest, "Between 1 and %d issue IDs or keys must be given.", bulkLimit)
	}
	if len(in.Properties) > searchPropertyLimit {
		return reply{}, refuse(http.StatusBadRequest, "The maximum number of properties is %d.", searchPropertyLimit)
	}
	if err := checkExpand(in.Expand); err != nil {
		return reply{}, err
	}
	issues := []any{}
	for _, is := range c.lookup(in.IssueIDsOrKeys) {
		one := c.issue(is, selectFields(in.Fields, "*navigable"), in.Properties)
		c.expand(one, is, in.Expand)
		issues = append(issues, one)
	}
	return ok(obj{"issues": issues, "issueErrors": []any{}}), nil
}

// lookup finds issues, each once, in ascending id. What does not exist is left
// out without a word.
func (c *call) lookup(names []string) []*issue {
	var found []*issue
	for _, n := range names {
		if is := c.w.find(n); is != nil && c.who.browses() && !slices.Contains(found, is) {
			found = append(found, is)
		}
	}
	slices.SortFunc(found, func(a, b *issue) int { return a.id - b.id })
	return found
}

func getChangelog(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	if c.query.Get("maxResults") == "" {
		c.query.Set("maxResults", "100")
	}
	return c.platformPage(c.changelogOf(is))
}

func bulkChangelog(c *call) (reply, error) {
	var in struct {
		IssueIDsOrKeys []string `json:"issueIdsOrKeys"`
		FieldIDs       []string `json:"fieldIds"`
		MaxResults     int      `json:"maxResults"`
		NextPageToken  string   `json:"nextPageToken"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if len(in.IssueIDsOrKeys) == 0 || len(in.IssueIDsOrKeys) > 1000 || len(in.FieldIDs) > 10 {
		return reply{}, refuse(http.StatusBadRequest, "Between 1 and 1000 issues and at most 10 fields must be given.")
	}
	start, err := readToken(in.NextPageToken, c.path)
	if err != nil {
		return reply{}, err
	}
	size := in.MaxResults
	if size <= 0 {
		size = 1000
	}
	all := c.changeRefs(in.IssueIDsOrKeys, in.FieldIDs)
	page := all[min(start, len(all)):min(start+size, len(all))]
	out := obj{"issueChangeLogs": c.groupChanges(page)}
	if start+len(page) < len(all) {
		out["nextPageToken"] = writeToken(start+len(page), c.path)
	}
	return ok(out), nil
}

type changeRef struct {
	is *issue
	h  *change
}

func (c *call) changeRefs(names, fields []string) []changeRef {
	var out []changeRef
	for _, is := range c.lookup(names) {
		for _, h := range is.history {
			if len(fields) == 0 || slices.ContainsFunc(h.items, func(it changeItem) bool { return slices.Contains(fields, it.fieldID) }) {
				out = append(out, changeRef{is, h})
			}
		}
	}
	return out
}

// groupChanges writes consecutive changes of one issue together.
func (c *call) groupChanges(refs []changeRef) []any {
	out := []any{}
	for i := 0; i < len(refs); {
		is, histories := refs[i].is, []any{}
		for ; i < len(refs) && refs[i].is == is; i++ {
			histories = append(histories, c.change(refs[i].h))
		}
		out = append(out, obj{"issueId": strconv.Itoa(is.id), "changeHistories": histories})
	}
	return out
}
