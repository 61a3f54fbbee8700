package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"latchkey/access"
)

// Keys of the properties Latchkey writes. Everybody who sees an issue can read
// its properties. What the state and the pages say is for others to know: here
// they are texts, each written and read back as it is.
const (
	stateProperty   = "latchkey"
	eventProperty   = "latchkey.event"
	visibleProperty = "sd.public.comment" // the service desk's own: {"internal": true} hides a comment from customers
)

// pageProperty is the key of a page, from 1.
func pageProperty(n int) string { return stateProperty + "." + strconv.Itoa(n) }

// bulkProperties is how many properties can be read along with issues (REST API
// v3, "Bulk fetch issues").
const bulkProperties = 5

// recordProperties are the keys that are read along with an issue: the state and
// the first pages.
func recordProperties() []string {
	keys := []string{stateProperty}
	for n := 1; n < bulkProperties; n++ {
		keys = append(keys, pageProperty(n))
	}
	return keys
}

// property is a property as other calls carry it along.
type property struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// carried are the properties that an issue is to carry: of the pages, those that
// it is not known to carry already.
func (c *Client) carried(issue string, r access.IssueRecord) []property {
	known, _ := c.pages.get(issue)
	props := []property{{stateProperty, r.State}}
	for i, page := range r.Pages {
		if i >= len(known) || known[i] != page {
			props = append(props, property{pageProperty(i + 1), page})
		}
	}
	return props
}

// carries notes what an issue carries now. Only pages that are full are worth
// remembering, so nothing is for most issues.
func (c *Client) carries(issue string, r access.IssueRecord) {
	if len(r.Pages) > 1 {
		c.pages.put(issue, slices.Clone(r.Pages[:len(r.Pages)-1]))
	}
}

// putRecord writes what the issue carries by itself, in one call. Writing it twice
// is harmless.
func (c *Client) putRecord(ctx context.Context, issue string, r access.IssueRecord) error {
	err := c.tell(ctx, call{method: http.MethodPut, path: issuePath(issue), what: "note the state of the request",
		in: map[string]any{"properties": c.carried(issue, r)}})
	if err == nil {
		c.carries(issue, r)
	}
	return err
}

// recordIn is what an issue carries, as far as it came along with it.
func recordIn(properties map[string]json.RawMessage) (r access.IssueRecord) {
	r.State = propertyText(properties[stateProperty])
	for n := 1; n < bulkProperties; n++ {
		page, ok := properties[pageProperty(n)]
		if !ok {
			break
		}
		r.Pages = append(r.Pages, propertyText(page))
	}
	return r
}

// propertyText is a property's text. What is no text is given as it stands: it was not
// written by this version.
func propertyText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

// morePages reads the pages beyond those that come along with an issue.
func (c *Client) morePages(ctx context.Context, issue string, r *access.IssueRecord) error {
	for n := len(r.Pages) + 1; n >= bulkProperties; n++ {
		var answer struct{ Value json.RawMessage }
		err := c.insist(ctx, get("read the pages of the issue", issuePath(issue, "/properties/", pageProperty(n)), nil), &answer)
		if status(err) == http.StatusNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		r.Pages = append(r.Pages, propertyText(answer.Value))
	}
	return nil
}
