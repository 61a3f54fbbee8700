package jira

import "net/http"

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
