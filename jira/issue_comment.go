package jira

import (
	"context"
	"net/url"

	"latchkey/access"
)

// Say writes a comment that belongs to no event of a request: an answer to
// somebody who asked in the portal, or words that were said in Slack. again says
// that an earlier attempt may have got through: look before writing.
func (c *Client) Say(ctx context.Context, issue access.Issue, m access.IssueComment, again bool) error {
	id := orElse(issue.ID, issue.Key)
	if again {
		seen, err := c.written(ctx, id, stamp{ID: m.ID}, m.At)
		if err != nil || len(seen) > 0 {
			return err
		}
	}
	f := toAgents
	if m.Public {
		f = toCustomer
	}
	return c.addComment(ctx, id, comment(stamp{ID: m.ID, Face: f}, wordsOf(m)))
}

func wordsOf(m access.IssueComment) doc {
	var link []node
	if u, err := url.Parse(m.Link); err == nil && u.Scheme == "https" {
		link = linked(m.Link)
	}
	return newDoc(paragraph(plain(m.Title)), quote(m.Words), bullets(m.Lines...), paragraph(link))
}

// Account finds the Jira account of a person, or "" when it can't be told for
// certain which one it is.
func (c *Client) Account(ctx context.Context, p access.Person) (string, error) {
	return c.accountOf(ctx, p)
}
