package pack

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
)

func (p *press) view() (view, error) {
	where, err := p.locate()
	if err != nil {
		return view{}, err
	}
	v := view{
		Title: p.c.Name + ", " + p.c.ID, CSS: template.CSS(reportStyle), C: p.c, Rows: p.tally.Rows,
		Figures: p.figures(), Dates: p.dates(), Groups: p.groupViews(), Pace: p.tally.Pace, Head: p.head,
	}
	for _, n := range p.tally.Notes {
		v.Notes = append(v.Notes, noteView{n.Words, where.links(n.About), n.Count - len(n.About)})
	}
	for _, l := range p.c.Leavers {
		v.Leavers = append(v.Leavers, leaverView{l, where.links(l.Rows)})
	}
	for _, result := range []Result{Gone, Ended, Kept, Manual, Failed, Waiting, Void} {
		if n := p.tally.Removals[result]; n > 0 {
			v.Results = append(v.Results, strconv.Itoa(n)+" "+spoken(result))
		}
	}
	if len(v.Results) == 0 {
		v.Results = []string{"Nothing was revoked"}
	}
	for n := range p.pages() {
		label := fmt.Sprintf("Rows %d to %d", n*p.limits.page+1, min((n+1)*p.limits.page, p.tally.Rows))
		v.Pages = append(v.Pages, pageLink{pageName(n), label})
	}
	return v, nil
}

func (p *press) groupViews() []groupView {
	var out []groupView
	for i, g := range p.c.Groups {
		out = append(out, groupView{Group: g, Anchor: fmt.Sprintf("group-%d", i+1), Here: p.tally.Groups[i].Rows})
	}
	return out
}

// places say where rows stand.
type places map[string]string

// locate finds where those rows stand that something leads to beside the tables of rows.
func (p *press) locate() (places, error) {
	out := places{}
	for _, n := range p.tally.Notes {
		for _, id := range n.About {
			out[id] = ""
		}
	}
	for _, l := range p.c.Leavers {
		for _, id := range l.Rows {
			out[id] = ""
		}
	}
	n := -1
	err := p.rows(func(r Row) error {
		n++
		if _, wanted := out[r.ID]; wanted {
			out[r.ID] = p.url(r.ID, n)
		}
		return nil
	})
	return out, err
}

// links lead to rows; what is no row has no address.
func (w places) links(ids []string) []Link {
	var out []Link
	for _, id := range ids {
		out = append(out, Link{Key: id, URL: w[id]})
	}
	return out
}

func (p *press) figures() []figure {
	t, o := p.tally, p.tally.Outcomes
	undone := 0
	for result, n := range t.Removals {
		if result == Manual || result == Failed || result == Waiting {
			undone += n
		}
	}
	all := []figure{
		{"memberships reviewed", t.Rows, false},
		{"kept by answers", o.Kept, false},
		{"revoked by answers", o.Revoked, false},
		{"nobody answered", o.NoAnswer, o.NoAnswer > 0},
		{"no reviewer found", o.NoReviewer, o.NoReviewer > 0},
		{"gone before an answer", o.Gone, false},
		{"removals seen to be done", t.Removals[Gone], false},
		{"removals not done", undone, undone > 0},
		{"privileged", t.Privileged, false},
	}
	if o.Open > 0 {
		all = append(all, figure{"still open", o.Open, true})
	}
	return all
}

func (p *press) dates() []date {
	w, t := p.c.Times, p.tally.Timeliness
	slowest := ""
	if t.Slowest != nil {
		slowest = fmt.Sprintf("the slowest took %s from the order (%s)", long(t.Slowest.Hours), t.Slowest.Row)
	}
	due := ""
	if !w.Due.IsZero() && !t.LastDecision.IsZero() {
		due = "the last answer came in time"
		if t.LastDecision.After(w.Due) {
			due = "answers came later"
		}
	}
	return []date{
		{"Draft", brief(w.Drafted), ""},
		{"Snapshot", brief(w.Snapshot), "every row is as of this moment; what changed afterwards is on the row"},
		{"Start", brief(w.Started), p.c.Asked},
		{"Due", brief(w.Due), due},
		{"Last answer that counts", brief(t.LastDecision), ""},
		{"Last removal seen to be done", brief(t.LastRemoval), slowest},
		{"Last time removals were checked again", brief(t.LastCheck), ""},
		{"Closed", brief(w.Closed), p.inPeriod()},
	}
}

// inPeriod says whether all of it was in the period under review.
func (p *press) inPeriod() string {
	switch t := p.tally.Timeliness; {
	case p.c.Period.To.IsZero():
		return ""
	case t.InPeriod:
		return "all of it in the period under review, which ends " + day(p.c.Period.To)
	case later(later(t.LastDecision, t.LastRemoval), t.LastCheck).After(p.c.Period.To):
		return fmt.Sprintf("%d whole days after the end of the period under review (%s)", t.DaysAfter, day(p.c.Period.To))
	}
	return "the period under review ends " + day(p.c.Period.To)
}

// Untimed is of how many answers the time is not known.
func (p pace) Untimed() int { return p.Answers - p.Timed }

// personView is somebody with all of their rows.
type personView struct {
	Person Person
	Rows   []personRow
}

// personRow is a row in short.
type personRow struct{ ID, Group, Outcome string }

// byPerson is everybody by name, with all of their rows. An account is one person, whatever
// it is called.
func (p *press) byPerson() ([]personView, error) {
	groups, at := p.byKey(), map[[2]string]int{}
	var out []personView
	err := p.rows(func(r Row) error {
		key := [2]string{r.Person.Directory, r.Person.Account}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key], out = i, append(out, personView{Person: r.Person})
		}
		out[i].Rows = append(out[i].Rows, personRow{r.ID, groups[r.Group].Name, r.Outcome.String()})
		return nil
	})
	slices.SortStableFunc(out, func(a, b personView) int {
		return cmp.Or(cmp.Compare(a.Person.Name.Value, b.Person.Name.Value), cmp.Compare(a.Person.Account, b.Person.Account))
	})
	return out, err
}

// long writes how long something took, given in hours.
func long(hours float64) string {
	switch {
	case hours < 1.0/60:
		return plain(hours*3600) + " seconds"
	case hours < 1:
		return plain(hours*60) + " minutes"
	}
	return plain(hours) + " hours"
}
