package rest

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"latchkey/access"
	"latchkey/jira/adf"
)

// isPage tells whether a body is a web page. Jira's API never answers with one:
// it comes from a proxy, a sign-in or a maintenance page in between, and says
// nothing about what was asked.
func isPage(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// titleOf is what a page calls itself; "" if it has no name.
func titleOf(body []byte) string {
	found := pageTitle.FindSubmatch(body)
	if found == nil {
		return ""
	}
	return adf.Clip(adf.OneLine(string(found[1])), 80)
}

// paged is a web page that answered in Jira's place. A call that shows may have
// got through unless it was plainly refused.
func (c *Client) paged(f *access.Failure, k Call, status int, title string, after time.Duration) {
	what := http.StatusText(status)
	if title != "" {
		what = "“" + title + "”"
	}
	f.Sentence = fmt.Sprintf("A web page (%d, %s) answered in Jira's place when it was asked to %s: "+
		"look for a proxy, a sign-in page or a maintenance page in front of jira.url; Latchkey will ", status, what, k.What)
	switch {
	case k.NonIdempotent && (status < 300 || status >= 500):
		f.Class, f.After = access.Unclear, orDefault(after, UnclearWait)
		f.Sentence += "look whether it happened before it tries again"
	case after > 0:
		f.Class, f.After = access.Limited, after
		f.Sentence += "try again by itself"
	default:
		f.Class = access.Transient
		f.Sentence += "try again"
	}
}
