package csv

import (
	"context"
	"io"
	"strconv"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
)

// Population writes population.csv: a line for each governed group.
func Population(_ context.Context, p *summary.Review, w io.Writer) error {
	t, err := newTable(w, populationColumns())
	if err != nil {
		return err
	}
	for i, g := range p.Campaign.Groups {
		if err := t.put(counted{g, p.Summary.Groups[i].Rows, p.Campaign}); err != nil {
			return err
		}
	}
	return t.end()
}

// counted is a group with how many rows it has in the pack.
type counted struct {
	pack.Group
	here     int
	campaign pack.Campaign
}

func populationColumns() []column[counted] {
	type g = counted
	return []column[g]{
		{"directory", func(g g) string { return g.Directory }},
		{"directory_kind", func(g g) string { return g.Kind }},
		{"tenant", func(g g) string { return g.Tenant }},
		{"group_id", func(g g) string { return g.ID }},
		{"group", func(g g) string { return g.Name }},
		{"app", func(g g) string { return g.App }},
		{"role", func(g g) string { return g.Role }},
		{"risk", func(g g) string { return g.Risk }},
		{"privileged", func(g g) string { return pack.YesNo(g.Privileged) }},
		{"snapshot", func(g g) string { return pack.Stamp(g.campaign.Times.Snapshot) }},
		{"requests", func(g g) string { return pack.Joined(g.Population.Requests, pack.Itself) }},
		{"pages", func(g g) string { return strconv.Itoa(g.Population.Pages) }},
		{"rows_received", func(g g) string { return strconv.Itoa(g.Population.Received) }},
		{"not_members", func(g g) string { return g.Population.Apart }},
		{"vendor_count_request", func(g g) string { return g.Population.CountedBy }},
		{"vendor_count", func(g g) string { return pack.Number(g.Population.Counted) }},
		{"rows_stored", func(g g) string { return strconv.Itoa(g.Population.Rows) }},
		{"rows_excluded", func(g g) string { return strconv.Itoa(g.Population.Left) }},
		{"rows_here", func(g g) string { return strconv.Itoa(g.here) }},
		{"agrees", func(g g) string { return pack.YesNo(g.Population.Agrees()) }},
		{"proven", func(g g) string { return pack.YesNo(g.Population.Proven) }},
		{"proof", func(g g) string { return g.Population.Proof + ": " + g.Population.Words }},
		{"pages_by_position", func(g g) string { return pack.YesNo(g.Population.ByPosition) }},
		{"moved_meanwhile", func(g g) string { return pack.YesNo(g.Population.Moved) }},
		{"first_page", func(g g) string { return pack.Stamp(g.Population.First) }},
		{"last_page", func(g g) string { return pack.Stamp(g.Population.Last) }},
		{"tool_version", func(g g) string { return g.Population.Version }},
		{"raw_sha256", func(g g) string { return g.Population.Hash }},
		{"accounts_sha256", func(g g) string { return g.Population.Accounts }},
		{"re_reads", func(g g) string { return pack.Joined(g.Population.Readings, pack.Reading.String) }},
		{"difference_explained", func(g g) string { return g.Population.Explanation().Explained }},
		{"difference_accepted_by", func(g g) string { return g.Population.AcceptedBy() }},
		{"difference_words", func(g g) string { return g.Population.Explanation().Words }},
		{"difference_accepted_at", func(g g) string { return pack.Stamp(g.Population.Explanation().At) }},
	}
}

// Removals writes removals.csv: a line for each row that was revoked.
func Removals(ctx context.Context, p *summary.Review, w io.Writer) error {
	groups := p.ByKey()
	t, err := newTable(w, removalColumns())
	if err != nil {
		return err
	}
	err = p.Each(ctx, func(r pack.Row) error {
		if r.Removal == nil {
			return nil
		}
		return t.put(removed{r, groups[r.Group], *r.Removal})
	})
	if err != nil {
		return err
	}
	return t.end()
}

// removed is a row that was revoked, with its removal.
type removed struct {
	row   pack.Row
	group pack.Group
	pack.Removal
}

func removalColumns() []column[removed] {
	type m = removed
	return []column[m]{
		{"row", func(m m) string { return m.row.ID }},
		{"directory", func(m m) string { return m.row.Person.Directory }},
		{"account", func(m m) string { return m.row.Person.Account }},
		{"name", func(m m) string { return pack.Text(m.row.Person.Name) }},
		{"group_id", func(m m) string { return m.group.ID }},
		{"group", func(m m) string { return m.group.Name }},
		{"privileged", func(m m) string { return pack.YesNo(m.row.Privileged) }},
		{"revoked", func(m m) string { return pack.Stamp(m.row.Outcome.At) }},
		{"revoked_by", func(m m) string {
			return pack.Joined(m.row.Counting(), func(a pack.Answer) string { return a.By.Title() })
		}},
		{"revoked_because", func(m m) string { return m.row.Outcome.Words }},
		{"issue", func(m m) string { return m.Issue.String() }},
		{"asked", func(m m) string { return pack.Stamp(m.Asked) }},
		{"removed", func(m m) string { return pack.Instant(m.Removed) }},
		{"read_back", func(m m) string { return pack.Instant(m.Read) }},
		{"checked_again", func(m m) string { return pack.Instant(m.Checked) }},
		{"result", func(m m) string { return string(m.Result) }},
		{"cause", func(m m) string { return m.Cause }},
		{"kept_by_grant", func(m m) string { return m.Grant }},
		{"restored", func(m m) string { return pack.Joined(m.Restored, pack.Restore.String) }},
		{"event", func(m m) string { return m.Event.ID }},
		{"leaf", func(m m) string { return m.Event.Leaf }},
	}
}
