package stamp

import (
	"encoding/json"
	"strconv"
	"strings"

	"latchkey/access"
)

// Keys of the properties that Latchkey writes. Everybody who sees an issue can read
// its properties. What the state and the pages of events say is the business of
// package evidence: here they are texts, written and read back as they are.
const (
	StateProperty      = "latchkey"
	eventProperty      = "latchkey.event"
	VisibilityProperty = "sd.public.comment" // the service desk's own: {"internal": true} hides a comment from customers
)

// TestIssue stands in the title of an issue that was made to see how a site behaves, where a request's has its id.
const TestIssue = "FIRST-CONTACT"

// PageProperty is the key of a page, from 1.
func PageProperty(n int) string { return StateProperty + "." + strconv.Itoa(n) }

// PageNumber is the number of the page that a key is of; 0 for another property.
func PageNumber(key string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(key, StateProperty+"."))
	if err != nil || key != PageProperty(n) {
		return 0
	}
	return n
}

// BulkProperties is how many properties can be read along with issues (REST API
// v3, "Bulk fetch issues").
const BulkProperties = 5

// RecordProperties are the keys that are read along with an issue: the state and
// the first pages.
func RecordProperties() []string {
	keys := []string{StateProperty}
	for n := 1; n < BulkProperties; n++ {
		keys = append(keys, PageProperty(n))
	}
	return keys
}

// Property is a property as other calls take it along.
type Property struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// ReadRecord is what an issue carries, as far as it was read along with it.
func ReadRecord(properties map[string]json.RawMessage) (r access.IssueRecord) {
	r.State = ReadText(properties[StateProperty])
	for n := 1; n < BulkProperties; n++ {
		page, ok := properties[PageProperty(n)]
		if !ok {
			break
		}
		r.Pages = append(r.Pages, ReadText(page))
	}
	return r
}

// ReadText is a property's text. What is no text, because another version wrote it,
// is given as it stands.
func ReadText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

// ReportMark begins the state of an issue that belongs to no request.
const ReportMark = "latchkey/report/v1\n"

// IsReport tells whether an issue is one of a report.
func IsReport(r access.IssueRecord) bool { return strings.HasPrefix(r.State, ReportMark) }

// ReportOf is the id of the report to which an issue belongs.
func ReportOf(r access.IssueRecord) string {
	return strings.TrimSuffix(strings.TrimPrefix(r.State, ReportMark), "\n")
}
