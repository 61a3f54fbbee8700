package watch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

// SampleCompleted picks up to n issues of requests at random, of those whose access was
// there and is gone by their status, and reads what each says by itself. It also
// counts how many issues it picked from. The same seed picks the same issues while
// there are no new ones.
func (a *Archive) SampleCompleted(ctx context.Context, n int, seed uint64, of Picked) (tickets []access.TicketEvidence, among int, err error) {
	s, err := a.sites.Site(ctx)
	if err != nil {
		return nil, 0, err
	}
	ids, err := a.pickedFrom(ctx, s, of)
	if err != nil {
		return nil, 0, err
	}
	shuffle := rand.New(rand.NewPCG(seed, seed))
	shuffle.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids {
		if len(tickets) == n {
			break
		}
		t, ours, err := a.ticketEvidence(ctx, s, id)
		if err != nil {
			return tickets, len(ids), err
		}
		if ours && (of.Wanted == nil || of.Wanted(t)) {
			tickets = append(tickets, t)
		}
	}
	return tickets, len(ids), nil
}

// pickedFrom are the ids of all issues that a sample is picked from, each once.
func (a *Archive) pickedFrom(ctx context.Context, s *site.Site, of Picked) (ids []string, err error) {
	seen := map[string]bool{}
	for _, query := range of.queries(s) {
		some, err := a.listIDs(ctx, s, fmt.Sprintf("project = %s AND issuetype = %s AND %s ORDER BY key ASC",
			rest.Quote(s.Project), rest.Quote(s.Form.IssueType), query))
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			if !seen[id] {
				seen[id], ids = true, append(ids, id)
			}
		}
	}
	return ids, nil
}

// Picked says which issues a sample is picked from.
type Picked struct {
	Phases   []string  // keys of statuses; empty: of access that was there and is gone
	GoesOn   bool      // also closed issues, of access that has no end
	From, To time.Time // when they were made; zero: at any time
	// Wanted looks at what was picked, as a status doesn't say all; nil: all of it is wanted.
	Wanted func(access.TicketEvidence) bool
}

// queries are what Jira is asked for. Its days are those of the account's time zone, which is to be UTC.
func (p Picked) queries(s *site.Site) []string {
	phases := p.Phases
	if len(phases) == 0 {
		phases = []string{site.Ended}
	}
	var ids []string
	for _, phase := range phases {
		ids = append(ids, rest.Quote(s.Statuses[phase].ID))
	}
	all := []string{"status in (" + strings.Join(ids, ", ") + ")"}
	if p.GoesOn && !slices.Contains(phases, site.Ended) {
		all = append(all, "status = "+rest.Quote(s.Statuses[site.Ended].ID)) // whatever resolution somebody gave it
	}
	for i := range all {
		if !p.From.IsZero() {
			all[i] += " AND created >= " + rest.Quote(p.From.Format(time.DateOnly))
		}
		if !p.To.IsZero() {
			all[i] += " AND created < " + rest.Quote(p.To.Format(time.DateOnly))
		}
	}
	return all
}

// ticket is an issue as an auditor reads it.
type ticket struct {
	recordedIssue
	Fields struct {
		Summary string
		Status  site.Status
	}
}

// ticket reads an issue. One that isn't found is looked for once more after Jira said that Latchkey may
// see the project: then it isn't there.
func (a *Archive) ticket(ctx context.Context, id string) (found []ticket, err error) {
	if found, err = a.ticketOnce(ctx, id); err != nil || len(found) > 0 {
		return found, err
	}
	if err := a.sites.MayBrowse(ctx); err != nil {
		return nil, err
	}
	return a.ticketOnce(ctx, id)
}

func (a *Archive) ticketOnce(ctx context.Context, id string) ([]ticket, error) {
	var page struct{ Issues []ticket }
	err := a.api.FetchWithRetry(ctx, rest.Call{Method: http.MethodPost, Path: "rest/api/3/issue/bulkfetch", What: "read the issue",
		Body: map[string]any{"issueIdsOrKeys": []string{id}, "fields": []string{"summary", "status"}, "properties": stamp.RecordProperties()}}, &page)
	return page.Issues, err
}

// ticketEvidence reads one issue; ours is false if it isn't about a request.
func (a *Archive) ticketEvidence(ctx context.Context, s *site.Site, id string) (t access.TicketEvidence, ours bool, err error) {
	found, err := a.ticket(ctx, id)
	if err != nil || len(found) == 0 {
		return t, false, err
	}
	is := found[0]
	r := stamp.ReadRecord(is.Properties)
	if r.State == "" || stamp.IsReport(r) {
		return t, false, nil
	}
	if err := a.morePages(ctx, is.ID, &r); err != nil {
		return t, false, err
	}
	t = access.TicketEvidence{Issue: s.Issue(is.ID, is.Key), Title: is.Fields.Summary, Status: is.Fields.Status.Name, Record: r}
	err = EachComment(ctx, a.api, is.ID, func(m rest.Comment) {
		if mark, ok := stamp.On(m); ok && mark.Leaf != nil && !mark.MoreForAgents && m.Author.AccountID == s.AccountID {
			for _, about := range mark.All() {
				t.Statements = append(t.Statements, statement(m, about))
			}
		}
	})
	return t, true, err
}

func statement(m rest.Comment, about stamp.About) access.Statement {
	return access.Statement{Event: about.ID, Leaf: about.Leaf, Text: adf.DocumentText(m.Body), Public: m.Public(), At: rest.ParseTime(m.Created)}
}
