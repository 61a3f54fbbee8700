package jira

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"latchkey/access"
)

// Completed picks up to n issues of requests at random, of those whose access was
// there and is gone by their status, and reads what each says by itself. It also
// tells how many issues it picked from. The same seed picks the same issues while
// there are no new ones.
func (c *Client) Completed(ctx context.Context, n int, seed uint64) (said []access.TicketEvidence, of int, err error) {
	s, err := c.site(ctx)
	if err != nil {
		return nil, 0, err
	}
	ids, err := c.listIDs(ctx, s, fmt.Sprintf("project = %s AND issuetype = %s AND status = %s ORDER BY key ASC",
		quoted(s.project), quoted(s.form.issueType), quoted(s.statuses[Closed].ID)))
	if err != nil {
		return nil, 0, err
	}
	of = len(ids)
	shuffle := rand.New(rand.NewPCG(seed, seed))
	shuffle.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids {
		if len(said) == n {
			break
		}
		t, ours, err := c.witness(ctx, s, id)
		if err != nil {
			return said, of, err
		}
		if ours {
			said = append(said, t)
		}
	}
	return said, of, nil
}

// witness reads one issue; ours is false if it isn't about a request.
func (c *Client) witness(ctx context.Context, s *site, id string) (t access.TicketEvidence, ours bool, err error) {
	var page struct {
		Issues []struct {
			issueProperties
			Fields struct {
				Summary string
				Status  state
			}
		}
	}
	err = c.insist(ctx, call{method: http.MethodPost, path: "rest/api/3/issue/bulkfetch", what: "read the issue",
		in: map[string]any{"issueIdsOrKeys": []string{id}, "fields": []string{"summary", "status"}, "properties": recordProperties()}}, &page)
	if err != nil || len(page.Issues) == 0 {
		return t, false, err
	}
	is := page.Issues[0]
	r := recordIn(is.Properties)
	if r.State == "" || isReport(r) {
		return t, false, nil
	}
	if err := c.morePages(ctx, is.ID, &r); err != nil {
		return t, false, err
	}
	t = access.TicketEvidence{Issue: access.Issue{ID: is.ID, Key: is.Key, URL: s.link(is.Key)}, Title: is.Fields.Summary, Status: is.Fields.Status.Name, Record: r}
	err = c.eachComment(ctx, is.ID, func(m remark) {
		if mark, ok := m.stamp(); ok && !mark.Beside && m.Author.AccountID == s.me {
			t.Statements = append(t.Statements, m.statement(mark))
		}
	})
	return t, true, err
}

func (m remark) statement(about stamp) access.Statement {
	out := access.Statement{Event: about.ID, Leaf: *about.Leaf, Text: m.Body.text(), Public: m.Public == nil || *m.Public}
	if at, err := time.Parse(jiraTime, m.Created); err == nil {
		out.At = at.UTC()
	}
	return out
}
